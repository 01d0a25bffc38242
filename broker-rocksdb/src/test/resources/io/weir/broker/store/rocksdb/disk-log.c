/*
 * Preloaded into a process (LD_PRELOAD), notes what it does to the files below a directory, in order, so that somebody
 * can tell what would be on the disk had the power failed at any moment: PowerLossTest. Nothing is really synced.
 *
 *   DISK_LOG_DIRECTORY  the directory, an absolute path
 *   DISK_LOG            the file that is written, and appended to if it is there
 *
 * A record, with numbers in the machine's order: type 1 | offset 8 | length of the name 4 | length of the data 4 | name | data
 *
 *   W  data were written to a file at an offset      T  a file has a new length, the offset
 *   S  a file was synced                             D  the directory was synced
 *   R  a file was renamed, to what the data say      U  a file was deleted
 *   L  data were written to the standard output
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(function) ((__typeof__(&function)) dlsym(RTLD_NEXT, #function))

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static const char *directory;
static int disk_log = -1;

__attribute__((constructor)) static void begin(void) {
	directory = getenv("DISK_LOG_DIRECTORY");
	const char *file = getenv("DISK_LOG");
	if (directory != NULL && file != NULL) {
		disk_log = REAL(open)(file, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	}
}

/* The name below the directory, empty for the directory itself, or NULL. */
static const char *below(const char *path) {
	size_t length = strlen(directory);
	if (disk_log < 0 || strncmp(path, directory, length) != 0 || (path[length] != '/' && path[length] != 0)) {
		return NULL;
	}
	return (path[length] == 0) ? "" : path + length + 1;
}

/* The same of what is open. */
static const char *name_of(int fd, char *path) {
	char link[64];
	if (disk_log < 0) {
		return NULL;
	}
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, PATH_MAX - 1);
	if (length < 0) {
		return NULL;
	}
	path[length] = 0;
	return (strstr(path, " (deleted)") == NULL) ? below(path) : NULL;
}

static void note(char type, const char *name, uint64_t offset, const void *data, uint32_t size) {
	char head[17];
	uint32_t name_size = strlen(name);
	head[0] = type;
	memcpy(head + 1, &offset, 8);
	memcpy(head + 9, &name_size, 4);
	memcpy(head + 13, &size, 4);
	struct iovec parts[] = { { head, sizeof head }, { (void *) name, name_size }, { (void *) data, size } };
	if (REAL(writev)(disk_log, parts, 3) != (ssize_t) (sizeof head + name_size + size)) {
		abort();
	}
}

static off_t place(int fd) {
	struct stat file;
	if (fcntl(fd, F_GETFL) & O_APPEND) {
		return (fstat(fd, &file) == 0) ? file.st_size : -1;
	}
	return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t size) {
	char path[PATH_MAX];
	if (disk_log < 0) {
		return REAL(write)(fd, data, size);
	}
	const char *name = (fd == STDOUT_FILENO) ? "" : name_of(fd, path);
	if (name == NULL) {
		return REAL(write)(fd, data, size);
	}
	pthread_mutex_lock(&order);
	off_t offset = (fd == STDOUT_FILENO) ? 0 : place(fd);
	ssize_t written = REAL(write)(fd, data, size);
	if (written > 0) {
		note((fd == STDOUT_FILENO) ? 'L' : 'W', name, offset, data, written);
	}
	pthread_mutex_unlock(&order);
	return written;
}

static ssize_t write_at(ssize_t (*real)(int, const void *, size_t, off_t), int fd, const void *data, size_t size,
		off_t offset) {
	char path[PATH_MAX];
	const char *name = name_of(fd, path);
	if (name == NULL) {
		return real(fd, data, size, offset);
	}
	pthread_mutex_lock(&order);
	ssize_t written = real(fd, data, size, offset);
	if (written > 0) {
		note('W', name, offset, data, written);
	}
	pthread_mutex_unlock(&order);
	return written;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
	return write_at(REAL(pwrite), fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
	return write_at((ssize_t (*)(int, const void *, size_t, off_t)) REAL(pwrite64), fd, data, size, offset);
}

/* One part: whoever writes must cope with that. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
	char path[PATH_MAX];
	if (count > 0 && name_of(fd, path) != NULL) {
		return write(fd, parts[0].iov_base, parts[0].iov_len);
	}
	return REAL(writev)(fd, parts, count);
}

static int resize(int (*real)(int, off_t), int fd, off_t length) {
	char path[PATH_MAX];
	const char *name = name_of(fd, path);
	pthread_mutex_lock(&order);
	int result = real(fd, length);
	if (result == 0 && name != NULL) {
		note('T', name, length, NULL, 0);
	}
	pthread_mutex_unlock(&order);
	return result;
}

int ftruncate(int fd, off_t length) {
	return resize(REAL(ftruncate), fd, length);
}

int ftruncate64(int fd, off64_t length) {
	return resize((int (*)(int, off_t)) REAL(ftruncate64), fd, length);
}

/* Emptying a file that is there is a change as well. */
static int opened(int fd, const char *path, int flags) {
	const char *name = (disk_log >= 0 && fd >= 0 && (flags & O_TRUNC)) ? below(path) : NULL;
	if (name != NULL) {
		pthread_mutex_lock(&order);
		note('T', name, 0, NULL, 0);
		pthread_mutex_unlock(&order);
	}
	return fd;
}

#define MODE(flags) \
	mode_t mode = 0; \
	if (flags & (O_CREAT | O_TMPFILE)) { \
		va_list rest; \
		va_start(rest, flags); \
		mode = va_arg(rest, mode_t); \
		va_end(rest); \
	}

int open(const char *path, int flags, ...) {
	MODE(flags)
	return opened(REAL(open)(path, flags, mode), path, flags);
}

int open64(const char *path, int flags, ...) {
	MODE(flags)
	return opened(REAL(open64)(path, flags, mode), path, flags);
}

static int synced(int fd, int (*real)(int)) {
	char path[PATH_MAX];
	struct stat file;
	const char *name = name_of(fd, path);
	if (name == NULL || fstat(fd, &file) != 0) {
		return real(fd);
	}
	pthread_mutex_lock(&order);
	note(S_ISDIR(file.st_mode) ? 'D' : 'S', name, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	return 0;
}

int fsync(int fd) {
	return synced(fd, REAL(fsync));
}

int fdatasync(int fd) {
	return synced(fd, REAL(fdatasync));
}

int rename(const char *from, const char *to) {
	pthread_mutex_lock(&order);
	int result = REAL(rename)(from, to);
	const char *old = (disk_log >= 0) ? below(from) : NULL;
	const char *new = (disk_log >= 0) ? below(to) : NULL;
	if (result == 0 && old != NULL && new != NULL) {
		note('R', old, 0, new, strlen(new));
	}
	pthread_mutex_unlock(&order);
	return result;
}

int unlink(const char *path) {
	pthread_mutex_lock(&order);
	int result = REAL(unlink)(path);
	const char *name = (disk_log >= 0) ? below(path) : NULL;
	if (result == 0 && name != NULL) {
		note('U', name, 0, NULL, 0);
	}
	pthread_mutex_unlock(&order);
	return result;
}
