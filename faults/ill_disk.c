/* A disk that is slow or broken, put under some programs alone (LD_PRELOAD).
 *
 * The file named in ILL_DISK says what it has: "slow 300" waits so many milliseconds
 * at each sync; "broken" fails each sync and each write into a file; "full" has no
 * space for them, "closed" refuses them; "fails 7" the seventh of a process.
 * Empty, or without the file, the disk is well. Where ILL_FILES names a folder, only
 * what lies in it is meant, and plain write() and the making of files as well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int number_of_calls, failing_call;

/* Milliseconds to wait, or below 0 the number of the error to give. */
static int look(int counts)
{
    const char *place = getenv("ILL_DISK");
    FILE *file = place ? fopen(place, "r") : NULL;
    char words[32] = "";
    int number = 0;

    if (file == NULL)
        return 0;
    if (fgets(words, sizeof words, file) == NULL)
        words[0] = '\0';
    fclose(file);
    if (sscanf(words, "slow %d", &number) == 1)
        return number;
    if (sscanf(words, "fails %d", &number) == 1) {
        /* Another number begins another count. */
        if (number != failing_call)
            number_of_calls = 0;
        failing_call = number;
        return !counts ? 0
            : __sync_add_and_fetch(&number_of_calls, 1) == number ? -EIO : 0;
    }
    if (strncmp(words, "full", 4) == 0)
        return -ENOSPC;
    if (strncmp(words, "closed", 6) == 0)
        return -EROFS;
    return words[0] == 'b' ? -EIO : 0;
}

static int is_meant(const char *path)
{
    const char *folder = getenv("ILL_FILES");

    return folder == NULL || strncmp(path, folder, strlen(folder)) == 0;
}

static int is_meant_file(int file)
{
    char link[64], path[4096];
    ssize_t length;

    if (getenv("ILL_FILES") == NULL)
        return 1;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = '\0';
    return is_meant(path);
}

static int is_broken(int file, int waits)
{
    int illness = is_meant_file(file) ? look(1) : 0;

    if (illness > 0 && waits)
        usleep(illness * 1000);
    if (illness < 0)
        errno = -illness;
    return illness < 0;
}

ssize_t write(int file, const void *bytes, size_t number)
{
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    int only = getenv("ILL_FILES") != NULL;
    return only && is_broken(file, 0) ? -1 : real(file, bytes, number);
}

static int is_closed(const char *path, int flags)
{
    if (!(flags & O_CREAT) || getenv("ILL_FILES") == NULL || path[0] != '/'
        || !is_meant(path) || look(0) != -EROFS)
        return 0;
    errno = EROFS;
    return 1;
}

#define OPEN(name)                                                              \
    int name(const char *path, int flags, ...)                                  \
    {                                                                           \
        int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, #name);          \
        va_list more;                                                           \
        int mode;                                                               \
                                                                                \
        va_start(more, flags);                                                  \
        mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;           \
        va_end(more);                                                           \
        return is_closed(path, flags) ? -1 : real(path, flags, mode);           \
    }

OPEN(open)
OPEN(open64)

int fsync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    return is_broken(file, 1) ? -1 : real(file);
}

int fdatasync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    return is_broken(file, 1) ? -1 : real(file);
}

ssize_t pwrite(int file, const void *bytes, size_t number, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    return is_broken(file, 0) ? -1 : real(file, bytes, number, at);
}

ssize_t pwritev(int file, const struct iovec *parts, int number, off_t at)
{
    ssize_t (*real)(int, const struct iovec *, int, off_t)
        = dlsym(RTLD_NEXT, "pwritev");
    return is_broken(file, 0) ? -1 : real(file, parts, number, at);
}
