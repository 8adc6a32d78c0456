// Shifts the clock of a process: built as a shared object, named by LD_PRELOAD. CLOCK_SHIM_FILE holds
// by how many ms, a long; whoever writes there sets the clock while the process runs.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile long *shift_ms;
static int (*machine_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void open_shift(void) {
  const char *path = getenv("CLOCK_SHIM_FILE");
  int file = path ? open(path, O_RDONLY) : -1;
  if (file < 0) return;
  void *mapped = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) shift_ms = mapped;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!machine_clock) machine_clock = dlsym(RTLD_NEXT, "clock_gettime");
  if (machine_clock(clock, now) != 0) return -1;
  if (shift_ms == 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return 0;
  long ns = now->tv_nsec + (*shift_ms % 1000) * 1000000;
  now->tv_sec += *shift_ms / 1000 + (ns < 0 ? -1 : ns / 1000000000);
  now->tv_nsec = (ns + 1000000000) % 1000000000;
  return 0;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *seconds) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (seconds) *seconds = exact.tv_sec;
  return exact.tv_sec;
}
