/* Displays output.txt: copies it to standard output, byte for byte.
 *
 * An image made FROM scratch holds no C library, so this program asks the kernel for
 * everything itself: open, read, write, exit. It begins at _start and never returns,
 * for nobody called it.
 *
 * Exit status: 0 when the whole file was written, 1 otherwise.
 */
#include <asm/unistd.h> /* the numbers of the system calls, on this processor */
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/poll.h>

#define FILE_NAME "output.txt"
#define COMPLAINT "cannot read " FILE_NAME "\n"

enum { STDOUT = 1, STDERR = 2 };

/* One system call. Its number and its arguments go where the kernel looks for them; what
 * comes back is the result, or the number of an error with a minus sign.
 *
 * The number comes last because the kernel wants the three arguments in the registers
 * where C already puts them. A fourth one is always zero here. noinline: one copy of
 * this serves all the calls below. */
__attribute__((noinline))
static long ask_kernel(long first, const void *second, long third, long number)
{
#if defined(__x86_64__)
	register long fourth asm("r10") = 0;
	long result;

	asm volatile("syscall"
	             : "=a"(result)
	             : "a"(number), "D"(first), "S"(second), "d"(third), "r"(fourth)
	             : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 asm("x8") = number;
	register long x0 asm("x0") = first;
	register const void *x1 asm("x1") = second;
	register long x2 asm("x2") = third;
	register long x3 asm("x3") = 0;

	asm volatile("svc 0"
	             : "+r"(x0)
	             : "r"(x8), "r"(x1), "r"(x2), "r"(x3)
	             : "memory");
	return x0;
#else
#error "this program knows two processors, amd64 and arm64"
#endif
}

static _Noreturn void leave(int status)
{
	ask_kernel(status, 0, 0, __NR_exit);
	__builtin_unreachable();
}

/* Writes all of it. The kernel may take less than it is given, be interrupted, or find a
 * full pipe that was told not to wait: each time, go on from where it stopped. */
static void display(const char *text, long length)
{
	while (length > 0) {
		long written = ask_kernel(STDOUT, text, length, __NR_write);

		if (written > 0) {
			text += written;
			length -= written;
		} else if (written == -EAGAIN) {
			struct pollfd room = { .fd = STDOUT, .events = POLLOUT };

			ask_kernel((long)&room, (void *)1, 0, __NR_ppoll);
		} else if (written != -EINTR) {
			leave(1);
		}
	}
}

_Noreturn void _start(void)
{
	char buffer[16384];
	long file = ask_kernel(AT_FDCWD, FILE_NAME, O_RDONLY, __NR_openat);

	/* When the file cannot be opened, `file` is negative and no read of it succeeds:
	 * one complaint serves both. */
	for (;;) {
		long length = ask_kernel(file, buffer, sizeof buffer, __NR_read);

		if (length == 0)
			leave(0);
		if (length > 0) {
			display(buffer, length);
		} else if (length != -EINTR) {
			ask_kernel(STDERR, COMPLAINT, sizeof COMPLAINT - 1, __NR_write);
			leave(1);
		}
	}
}
