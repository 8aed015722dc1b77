// A system with faults, loaded before the C library: LD_PRELOAD=… with
// FAULT_LOCKS=1   a file system that has no locks, as some of those of clusters
// FAULT_PACK=n    a disk with bad sectors: the first n bytes of the store's packs cannot be read
// FAULT_CLOCK=n   a clock that jumps by n seconds whenever it is read, to and fro
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

ssize_t pread(int descriptor, void *buffer, size_t count, off_t offset) {
  static ssize_t (*next)(int, void *, size_t, off_t);
  if (!next) next = dlsym(RTLD_NEXT, "pread");
  const char *end = getenv("FAULT_PACK");
  if (end && offset < atoll(end)) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path);
    if (length > 5 && !memcmp(path + length - 5, ".pack", 5)) {
      errno = EIO;
      return -1;
    }
  }
  return next(descriptor, buffer, count, offset);
}

ssize_t pread64(int descriptor, void *buffer, size_t count, off_t offset) {
  return pread(descriptor, buffer, count, offset);
}

int fcntl(int descriptor, int command, ...) {
  static int (*next)(int, int, ...);
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  if (!next) next = dlsym(RTLD_NEXT, "fcntl");
  if ((command == F_OFD_SETLK || command == F_OFD_SETLKW) && getenv("FAULT_LOCKS")) {
    errno = ENOLCK;
    return -1;
  }
  return next(descriptor, command, argument);
}

int fcntl64(int descriptor, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return fcntl(descriptor, command, argument);
}

time_t time(time_t *place) {
  static time_t reads;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  const char *jump = getenv("FAULT_CLOCK");
  if (jump) now.tv_sec += (__atomic_fetch_add(&reads, 1, __ATOMIC_RELAXED) % 2 ? 1 : -1) * atoll(jump);
  if (place) *place = now.tv_sec;
  return now.tv_sec;
}
