/* Record what a process does to the files of one folder, in order, for the power-loss tests.
 *
 * Loaded by LD_PRELOAD. RECORD_FOLDER is the folder (with no slash at its end) and RECORD_LOG
 * the log. A record is: char op; u32 file; u64 offset; u32 length; length bytes. `file` numbers
 * each opening of a name that made a new file or met a known one; names are told by 'O' records.
 * The wal-index (-shm) is left out: SQLite rebuilds it and never trusts it after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_FD 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *folder;
static char watched[MAX_FD];

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

__attribute__((constructor)) static void start(void) {
    const char *path = getenv("RECORD_LOG");
    folder = getenv("RECORD_FOLDER");
    if (path && folder)
        log_fd = REAL(int, "open64", const char *, int, ...)(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
}

static void put(const void *data, size_t size) {
    const char *from = data;
    while (size > 0) {
        ssize_t done = REAL(ssize_t, "write", int, const void *, size_t)(log_fd, from, size);
        if (done <= 0) abort();
        from += done;
        size -= (size_t)done;
    }
}

static void record(char op, uint32_t file, uint64_t offset, const void *data, uint32_t size) {
    pthread_mutex_lock(&lock);
    put(&op, 1);
    put(&file, 4);
    put(&offset, 8);
    put(&size, 4);
    put(data, size);
    pthread_mutex_unlock(&lock);
}

static int is_ours(const char *path) {
    size_t length = folder ? strlen(folder) : 0, size = strlen(path);
    if (log_fd < 0 || strncmp(path, folder, length) || (path[length] && path[length] != '/')) return 0;
    return size < 4 || strcmp(path + size - 4, "-shm");
}

static int opened(int fd, const char *path, int flags) {
    if (fd >= 0 && fd < MAX_FD) {
        watched[fd] = (char)is_ours(path);
        if (watched[fd]) record('O', (uint32_t)fd, (uint64_t)flags, path, (uint32_t)strlen(path));
    }
    return fd;
}

#define MODE_OF(flags)                     \
    mode_t mode = 0;                       \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list rest;                      \
        va_start(rest, flags);             \
        mode = va_arg(rest, mode_t);       \
        va_end(rest);                      \
    }

int open(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(REAL(int, "open", const char *, int, ...)(path, flags, mode), path, flags);
}

int open64(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(REAL(int, "open64", const char *, int, ...)(path, flags, mode), path, flags);
}

int openat(int at, const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(REAL(int, "openat", int, const char *, int, ...)(at, path, flags, mode), path, flags);
}

static int is_watched(int fd) { return log_fd >= 0 && fd >= 0 && fd < MAX_FD && watched[fd]; }

int close(int fd) {
    if (is_watched(fd)) record('C', (uint32_t)fd, 0, "", 0);
    if (fd >= 0 && fd < MAX_FD) watched[fd] = 0;
    return REAL(int, "close", int)(fd);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    ssize_t done = REAL(ssize_t, "pwrite", int, const void *, size_t, off_t)(fd, data, size, offset);
    if (done > 0 && is_watched(fd)) record('W', (uint32_t)fd, (uint64_t)offset, data, (uint32_t)done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    ssize_t done = REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t)(fd, data, size, offset);
    if (done > 0 && is_watched(fd)) record('W', (uint32_t)fd, (uint64_t)offset, data, (uint32_t)done);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) {
    int ours = is_watched(fd);
    off_t offset = ours ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(ssize_t, "write", int, const void *, size_t)(fd, data, size);
    if (done > 0 && ours) record('W', (uint32_t)fd, (uint64_t)offset, data, (uint32_t)done);
    return done;
}

static int cut(const char *name, int fd, off64_t size) {
    int failed = REAL(int, name, int, off64_t)(fd, size);
    if (!failed && is_watched(fd)) record('T', (uint32_t)fd, (uint64_t)size, "", 0);
    return failed;
}

int ftruncate(int fd, off_t size) { return cut("ftruncate", fd, size); }
int ftruncate64(int fd, off64_t size) { return cut("ftruncate64", fd, size); }

static int synced(const char *name, int fd) {
    int failed = REAL(int, name, int)(fd);
    if (!failed && is_watched(fd)) record('S', (uint32_t)fd, 0, "", 0);
    return failed;
}

int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }

int unlink(const char *path) {
    int failed = REAL(int, "unlink", const char *)(path);
    if (!failed && is_ours(path)) record('U', 0, 0, path, (uint32_t)strlen(path));
    return failed;
}

int rename(const char *from, const char *to) {
    int failed = REAL(int, "rename", const char *, const char *)(from, to);
    if (!failed && is_ours(from)) {
        record('R', 0, 0, from, (uint32_t)strlen(from));
        record('N', 0, 0, to, (uint32_t)strlen(to));
    }
    return failed;
}
