/* A disk that is slow or broken, put under PostgreSQL alone (LD_PRELOAD).
 *
 * The file named in ILL_DISK says what it has: "slow 300" waits so many milliseconds
 * at each sync; "broken" fails each sync and each write into a file. Empty, or without
 * the file, the disk is well.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int look(void)
{
    const char *place = getenv("ILL_DISK");
    FILE *file = place ? fopen(place, "r") : NULL;
    char words[32] = "";
    int milliseconds = 0;

    if (file == NULL)
        return 0;
    if (fgets(words, sizeof words, file) == NULL)
        words[0] = '\0';
    fclose(file);
    if (sscanf(words, "slow %d", &milliseconds) == 1)
        return milliseconds;
    return words[0] == 'b' ? -1 : 0;
}

static int is_broken(int waits)
{
    int illness = look();

    if (illness > 0 && waits)
        usleep(illness * 1000);
    if (illness < 0)
        errno = EIO;
    return illness < 0;
}

int fsync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    return is_broken(1) ? -1 : real(file);
}

int fdatasync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fdatasync");
    return is_broken(1) ? -1 : real(file);
}

ssize_t pwrite(int file, const void *bytes, size_t number, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, "pwrite");
    return is_broken(0) ? -1 : real(file, bytes, number, at);
}

ssize_t pwritev(int file, const struct iovec *parts, int number, off_t at)
{
    ssize_t (*real)(int, const struct iovec *, int, off_t)
        = dlsym(RTLD_NEXT, "pwritev");
    return is_broken(0) ? -1 : real(file, parts, number, at);
}
