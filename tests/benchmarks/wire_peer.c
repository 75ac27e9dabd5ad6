/* A peer without libzmq: handshakes over a TCP socket, then moves frames in bulk.
 *
 *   wire_peer send|recv port=5556 framing=zmtp|ws type=PUSH [size=64] [cut_s=0.5] [seconds=2]
 *
 * It connects, as a socket of the type. send writes messages of one frame until it is ended. recv
 * counts them, prints {"per_s": …} over one window after a cut, and ends. All frames are the same,
 * so that this side costs next to nothing: what is measured is the other one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

enum { BUFFER = 256 * 1024, MORE_THAN_A_HANDSHAKE = 4096 };

static void fail(const char *what, const char *why) {
    fprintf(stderr, "wire_peer: %s: %s\n", what, why);
    exit(1);
}

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *value_of(int count, char **arguments, const char *key, const char *fallback) {
    size_t length = strlen(key);
    for (int i = 2; i < count; i++)
        if (!strncmp(arguments[i], key, length) && arguments[i][length] == '=')
            return arguments[i] + length + 1;
    return fallback;
}

static void write_all(int wire, const void *data, size_t size) {
    for (const char *at = data; size;) {
        ssize_t sent = write(wire, at, size);
        if (sent < 0) fail("write", strerror(errno));
        at += sent;
        size -= (size_t)sent;
    }
}

static void read_all(int wire, void *data, size_t size) {
    for (char *at = data; size;) {
        ssize_t came = read(wire, at, size);
        if (came <= 0) fail("read", came ? strerror(errno) : "the end");
        at += came;
        size -= (size_t)came;
    }
}

/* READY with the socket type (RFC 37); its size. */
static size_t ready(unsigned char *to, const char *type) {
    size_t length = strlen(type), n = 0;
    memcpy(to, "\x05READY\x0bSocket-Type\0\0\0", 21);
    n = 21;
    to[n++] = (unsigned char)length;
    memcpy(to + n, type, length);
    return n + length;
}

/* A frame; its size. WebSocket frames of a client are masked, here with a key of zeros. */
static size_t frame(unsigned char *to, int is_ws, int is_command, const void *body, size_t size) {
    size_t n = 0;
    if (is_ws) {
        size_t whole = size + 1;
        to[n++] = 0x82;
        if (whole < 126) to[n++] = (unsigned char)(0x80 | whole);
        else {
            to[n++] = 0x80 | 126;
            to[n++] = (unsigned char)(whole >> 8);
            to[n++] = (unsigned char)whole;
        }
        memset(to + n, 0, 4);
        n += 4;
        to[n++] = is_command ? 2 : 0;
    } else if (size < 256) {
        to[n++] = is_command ? 4 : 0;
        to[n++] = (unsigned char)size;
    } else {
        to[n++] = is_command ? 6 : 2;
        for (int shift = 56; shift >= 0; shift -= 8) to[n++] = (unsigned char)((uint64_t)size >> shift);
    }
    memcpy(to + n, body, size);
    return n + size;
}

static void shake_hands(int wire, int is_ws, const char *port, const char *type) {
    unsigned char buffer[MORE_THAN_A_HANDSHAKE], command[256];
    size_t size = ready(command, type), n;
    if (is_ws) {
        n = (size_t)snprintf((char *)buffer, sizeof buffer,
                             "GET / HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                             "Sec-WebSocket-Protocol: ZWS2.0/NULL\r\nSec-WebSocket-Version: 13\r\n\r\n",
                             port);
        write_all(wire, buffer, n);
        for (n = 0; n < 4 || memcmp(buffer + n - 4, "\r\n\r\n", 4); n++) {
            if (n == sizeof buffer) fail("upgrade", "no end");
            read_all(wire, buffer + n, 1);
        }
        if (memcmp(buffer, "HTTP/1.1 101", 12)) fail("upgrade", "refused");
    } else {
        memset(buffer, 0, 64);
        memcpy(buffer, "\xff\0\0\0\0\0\0\0\0\x7f\x03\x01NULL", 16);
        write_all(wire, buffer, 64);
        read_all(wire, buffer, 64);
    }
    write_all(wire, buffer, frame(buffer, is_ws, 1, command, size));
    /* The other side's READY: a short frame, and from a server without a mask. */
    read_all(wire, buffer, 2);
    read_all(wire, buffer + 2, buffer[1] & 0x7f);
}

static void send_frames(int wire, int is_ws, size_t size) {
    unsigned char *body = calloc(1, size), *all = malloc(BUFFER + size + 16);
    size_t filled = 0;
    while (filled < BUFFER) filled += frame(all + filled, is_ws, 0, body, size);
    for (;;) write_all(wire, all, filled);
}

static size_t read_some(int wire, void *buffer) {
    ssize_t came = read(wire, buffer, BUFFER);
    if (came <= 0) fail("read", came ? strerror(errno) : "the end");
    return (size_t)came;
}

static void receive_frames(int wire, int is_ws, size_t size, double cut_s, double seconds) {
    unsigned char *buffer = malloc(BUFFER), *body = calloc(1, size);
    /* What comes from a server has no mask. */
    double each = (double)frame(buffer, is_ws, 0, body, size) - (is_ws ? 4 : 0);
    double received = 0;
    read_some(wire, buffer);
    for (double end_s = now_s() + cut_s; now_s() < end_s;) read_some(wire, buffer);
    double begun_s = now_s(), t = begun_s;
    for (; t < begun_s + seconds; t = now_s()) received += (double)read_some(wire, buffer);
    printf("{\"per_s\": %.1f}\n", received / each / (t - begun_s));
    fflush(stdout);
}

int main(int count, char **arguments) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (count < 3) fail("usage", "wire_peer send|recv key=value…");
    const char *port = value_of(count, arguments, "port", "0");
    int is_ws = !strcmp(value_of(count, arguments, "framing", "zmtp"), "ws"), on = 1;
    size_t size = (size_t)atol(value_of(count, arguments, "size", "64"));
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int wire = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(wire, (struct sockaddr *)&to, sizeof to)) fail("connect", strerror(errno));
    setsockopt(wire, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    shake_hands(wire, is_ws, port, value_of(count, arguments, "type", "PUSH"));
    if (!strcmp(arguments[1], "send")) send_frames(wire, is_ws, size);
    else
        receive_frames(wire, is_ws, size, atof(value_of(count, arguments, "cut_s", "0.5")),
                       atof(value_of(count, arguments, "seconds", "2")));
    return 0;
}
