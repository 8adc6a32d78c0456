// A table of Lua: a list from 1 on, and everything else by key.
export type LuaFunction = (...args: LuaValue[]) => LuaValue[];
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;

export class LuaTable {
  #list: LuaValue[] = [];
  #others: Map<LuaValue, LuaValue> | undefined;

  static of(values: readonly LuaValue[]): LuaTable {
    const made = new LuaTable();
    if (!values.includes(undefined)) made.#list = [...values];
    else for (const [index, value] of values.entries()) made.set(index + 1, value);
    return made;
  }

  get length(): number {
    return this.#list.length;
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === "number" && key >= 1 && key <= this.#list.length) return this.#list[key - 1];
    return this.#others?.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    if (typeof key !== "number" || key < 1 || key > this.#list.length + 1) {
      if (value === undefined) this.#others?.delete(key);
      else (this.#others ??= new Map()).set(key, value);
      return;
    }
    if (key <= this.#list.length) this.#list[key - 1] = value;
    else if (value !== undefined) this.#append(value);
    while (this.#list.length > 0 && this.#list.at(-1) === undefined) this.#list.pop();
  }

  /** As `ipairs` or `pairs` goes through it. */
  entries(): [LuaValue, LuaValue][] {
    const entries: [LuaValue, LuaValue][] = [];
    for (let index = 0; index < this.#list.length; index++) {
      if (this.#list[index] !== undefined) entries.push([index + 1, this.#list[index]]);
    }
    if (this.#others) entries.push(...this.#others);
    return entries;
  }

  /** From 1 to before the first nil. */
  values(): LuaValue[] {
    const end = this.#list.indexOf(undefined);
    return end === -1 ? this.#list : this.#list.slice(0, end);
  }

  #append(value: LuaValue): void {
    this.#list.push(value);
    while (this.#others) {
      const next = this.#list.length + 1;
      const waiting = this.#others.get(next);
      if (waiting === undefined) return;
      this.#others.delete(next);
      this.#list.push(waiting);
    }
  }
}
