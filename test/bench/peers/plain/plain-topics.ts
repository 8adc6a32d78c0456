export type PlainTopics = {
  prefix: string;
  requests: string;
  reports: string;
  outcomes: string;
  commandsOf(channel: string): string;
};

export function plainTopics(prefix: string): PlainTopics {
  return {
    prefix,
    requests: `${prefix}-requests`,
    reports: `${prefix}-reports`,
    outcomes: `${prefix}-outcomes`,
    commandsOf: (channel) => `${prefix}-commands-${channel}`,
  };
}
