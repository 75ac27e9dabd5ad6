/* The reference peer: bare loops on the very libzmq that pyzmq brings, opened by dlopen.
 *
 *   reference LIBZMQ recv endpoints=tcp://…[,tcp://…] [cut_s=0.5] [seconds=2]
 *   reference LIBZMQ send endpoints=tcp://…[,tcp://…] [sizes=16[,64…]] [topic=0] [rate=0]
 *                         [seconds=3600] [count=0] [first=0]
 *
 * recv binds a PULL to each endpoint, counts whole messages for a while and prints {"per_s": …}: one
 * is received from in a bare loop, several are polled. send connects a PUSH to each endpoint and serves them in turn, in bursts. The last frame of message n has the
 * n-th of the sizes in turn and begins with first + n, as a big-endian u64, when it is that long;
 * topic is the size of a frame in front of it, 0 for none; rate is messages a second, 0 for as
 * many as possible. At the end everything is handed over before {"sent": …} is printed.
 *
 * No header of libzmq is needed: prototypes and constants are those of its man pages, and
 * zmq_msg_t is 64 bytes, aligned like a pointer (zmq.h).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __linux__
#include <signal.h>
#include <sys/prctl.h>
#endif

enum { PULL = 7, PUSH = 8, SNDHWM = 23, RCVHWM = 24, SNDTIMEO = 28 };
enum { DONTWAIT = 1, SNDMORE = 2, POLLIN = 1 };
enum { MOST_SOCKETS = 256, MOST_SIZES = 64, BURST = 100, HWM = 100000, SEND_WAIT_MS = 100 };

typedef struct {
    unsigned char opaque[64];
} __attribute__((aligned(8))) message_t;

typedef struct {
    void *socket;
    int descriptor;
    short events, revents;
} poll_item_t;

static void *(*ctx_new)(void);
static int (*ctx_term)(void *);
static void *(*socket_new)(void *, int);
static int (*socket_close)(void *);
static int (*socket_bind)(void *, const char *);
static int (*socket_connect)(void *, const char *);
static int (*set_option)(void *, int, const void *, size_t);
static int (*message_init)(message_t *);
static int (*message_recv)(message_t *, void *, int);
static int (*message_more)(const message_t *);
static int (*poll_items)(poll_item_t *, int, long);
static int (*send_bytes)(void *, const void *, size_t, int);

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void sleep_us(long microseconds) {
    struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};
    nanosleep(&t, NULL);
}

static void fail(const char *what, const char *why) {
    fprintf(stderr, "reference: %s: %s\n", what, why);
    exit(1);
}

static void *symbol(void *library, const char *name) {
    void *found = dlsym(library, name);
    if (!found) fail("libzmq has no function", name);
    return found;
}

static void load(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (!library) fail("libzmq cannot be loaded", dlerror());
    *(void **)&ctx_new = symbol(library, "zmq_ctx_new");
    *(void **)&ctx_term = symbol(library, "zmq_ctx_term");
    *(void **)&socket_new = symbol(library, "zmq_socket");
    *(void **)&socket_close = symbol(library, "zmq_close");
    *(void **)&socket_bind = symbol(library, "zmq_bind");
    *(void **)&socket_connect = symbol(library, "zmq_connect");
    *(void **)&set_option = symbol(library, "zmq_setsockopt");
    *(void **)&message_init = symbol(library, "zmq_msg_init");
    *(void **)&message_recv = symbol(library, "zmq_msg_recv");
    *(void **)&message_more = symbol(library, "zmq_msg_more");
    *(void **)&poll_items = symbol(library, "zmq_poll");
    *(void **)&send_bytes = symbol(library, "zmq_send");
}

/* The value of key=value among the arguments, or a default. */
static const char *value_of(int count, char **arguments, const char *key, const char *fallback) {
    size_t length = strlen(key);
    for (int i = 3; i < count; i++)
        if (!strncmp(arguments[i], key, length) && arguments[i][length] == '=')
            return arguments[i] + length + 1;
    return fallback;
}

static void *make_socket(void *context, int type) {
    void *made = socket_new(context, type);
    int hwm = HWM, wait_ms = SEND_WAIT_MS;
    if (!made) fail("no socket", strerror(errno));
    set_option(made, type == PULL ? RCVHWM : SNDHWM, &hwm, sizeof hwm);
    if (type == PUSH) set_option(made, SNDTIMEO, &wait_ms, sizeof wait_ms);
    return made;
}

/* ---- recv ------------------------------------------------------------------------------------ */

typedef struct {
    poll_item_t items[MOST_SOCKETS];
    int count;
    message_t message;
} receiver_t;

static long receive_from(receiver_t *r, void *from, int flags, long most) {
    for (long n = 0; n < most; n++)
        do {
            if (message_recv(&r->message, from, flags) < 0) {
                if (errno == EAGAIN) return n;
                fail("recv", strerror(errno));
            }
        } while (message_more(&r->message));
    return most;
}

static long receive_some(receiver_t *r, long most) {
    long received = 0;
    if (r->count == 1) return receive_from(r, r->items[0].socket, 0, most);
    if (poll_items(r->items, r->count, -1) < 0) fail("poll", strerror(errno));
    for (int i = 0; i < r->count; i++)
        if (r->items[i].revents) received += receive_from(r, r->items[i].socket, DONTWAIT, most);
    return received;
}

static void receive(int count, char **arguments) {
    double cut_s = atof(value_of(count, arguments, "cut_s", "0.5"));
    double seconds = atof(value_of(count, arguments, "seconds", "2"));
    char *endpoints = strdup(value_of(count, arguments, "endpoints", ""));
    void *context = ctx_new();
    static receiver_t r;
    long received = 0;
    message_init(&r.message);
    for (char *part = strtok(endpoints, ","); part && r.count < MOST_SOCKETS;
         part = strtok(NULL, ",")) {
        void *pull = make_socket(context, PULL);
        if (socket_bind(pull, part)) fail(part, strerror(errno));
        r.items[r.count++] = (poll_item_t){pull, 0, POLLIN, 0};
    }
    if (!r.count) fail("recv", "endpoints are needed");
    receive_some(&r, 1);
    for (double end_s = now_s() + cut_s; now_s() < end_s;) receive_some(&r, BURST);
    double begun_s = now_s(), t = begun_s;
    while (t < begun_s + seconds) {
        received += receive_some(&r, 1000);
        t = now_s();
    }
    printf("{\"per_s\": %.1f}\n", (double)received / (t - begun_s));
    fflush(stdout);
    _Exit(0);
}

/* ---- send ------------------------------------------------------------------------------------ */

typedef struct {
    void *sockets[MOST_SOCKETS];
    int socket_count;
    size_t sizes[MOST_SIZES];
    int size_count;
    size_t topic;
    unsigned char *buffer;
    uint64_t first;
    long sent;
} sender_t;

static int send_one(sender_t *s, void *to, int flags) {
    size_t size = s->sizes[s->sent % s->size_count];
    uint64_t number = s->first + (uint64_t)s->sent;
    if (s->topic && send_bytes(to, "topic-of-the-reference-peer-0123", s->topic, flags | SNDMORE) < 0)
        return 0;
    if (size >= 8)
        for (int i = 7; i >= 0; i--, number >>= 8) s->buffer[i] = (unsigned char)number;
    if (send_bytes(to, s->buffer, size, flags) < 0) return 0;
    s->sent++;
    return 1;
}

/* At most so many messages; waits a little, or goes on to the next socket, where one is full. */
static void send_burst(sender_t *s, int turn, long most) {
    void *to = s->sockets[turn % s->socket_count];
    int flags = s->socket_count > 1 ? DONTWAIT : 0;
    while (most-- > 0)
        if (!send_one(s, to, flags)) {
            if (errno != EAGAIN && errno != EINTR) fail("send", strerror(errno));
            return;
        }
}

static void send_all(sender_t *s, double rate, double seconds, long count) {
    double begun_s = now_s(), t = begun_s;
    long before_round = 0;
    for (int turn = 0; t < begun_s + seconds && (!count || s->sent < count); turn++) {
        long most = BURST;
        if (turn % s->socket_count == 0) {
            if (turn && s->socket_count > 1 && s->sent == before_round) sleep_us(50);
            before_round = s->sent;
        }
        if (rate > 0) {
            long due = (long)((t - begun_s) * rate) - s->sent;
            if (due <= 0) sleep_us(500);
            most = due < 0 ? 0 : due < BURST ? due : BURST;
        }
        if (count && most > count - s->sent) most = count - s->sent;
        send_burst(s, turn, most);
        t = now_s();
    }
}

static size_t prepare(sender_t *s, int count, char **arguments, void *context) {
    char *sizes = strdup(value_of(count, arguments, "sizes", "16"));
    char *endpoints = strdup(value_of(count, arguments, "endpoints", ""));
    size_t largest = 8;
    for (char *part = strtok(sizes, ","); part && s->size_count < MOST_SIZES; part = strtok(NULL, ",")) {
        s->sizes[s->size_count] = (size_t)atol(part);
        if (s->sizes[s->size_count] > largest) largest = s->sizes[s->size_count];
        s->size_count++;
    }
    for (char *part = strtok(endpoints, ","); part && s->socket_count < MOST_SOCKETS;
         part = strtok(NULL, ",")) {
        void *push = make_socket(context, PUSH);
        if (socket_connect(push, part)) fail(part, strerror(errno));
        s->sockets[s->socket_count++] = push;
    }
    if (!s->socket_count || !s->size_count) fail("send", "endpoints and sizes are needed");
    s->topic = (size_t)atol(value_of(count, arguments, "topic", "0"));
    if (s->topic > 32) fail("topic", "32 bytes at most");
    s->first = strtoull(value_of(count, arguments, "first", "0"), NULL, 10);
    return largest;
}

static void send_mode(int count, char **arguments) {
    static sender_t sender;
    void *context = ctx_new();
    size_t largest = prepare(&sender, count, arguments, context);
    sender.buffer = calloc(1, largest);
    if (!sender.buffer) fail("memory", strerror(errno));
    for (size_t i = 8; i < largest; i++) sender.buffer[i] = (unsigned char)(i % 251);
    double begun_s = now_s();
    send_all(&sender, atof(value_of(count, arguments, "rate", "0")),
             atof(value_of(count, arguments, "seconds", "3600")),
             atol(value_of(count, arguments, "count", "0")));
    double took_s = now_s() - begun_s;
    /* The default linger: closing waits until the other side has taken everything. */
    for (int i = 0; i < sender.socket_count; i++) socket_close(sender.sockets[i]);
    ctx_term(context);
    printf("{\"sent\": %ld, \"seconds\": %.4f}\n", sender.sent, took_s);
    fflush(stdout);
}

int main(int count, char **arguments) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a sender flat out must not outlive who started it */
#endif
    if (count < 3) fail("usage", "reference LIBZMQ recv|send key=value…");
    load(arguments[1]);
    if (!strcmp(arguments[2], "recv")) receive(count, arguments);
    else if (!strcmp(arguments[2], "send")) send_mode(count, arguments);
    else fail("no such mode", arguments[2]);
    return 0;
}
