/* Offers connection attempts to a locked ZeroMQ door, as many a second as it is told to. Linux.
 *
 *   knocker go port=5556 mechanism=CURVE|PLAIN [rate=10000] [seconds=10] [user=nobody] [hold_ms=100]
 *
 * An attempt is a connection, a greeting and a HELLO that nothing opens: a box of random bytes, or
 * a password never tried before. All is written at once; after hold_ms what came back is looked at,
 * and the connection is reset. No poll, and six system calls an attempt: most of two cores is left
 * for the one that is attacked.
 *
 * Prints {"ready": true, "endpoints": []}, tries, prints {"begun", "answered", "dropped", …}, and
 * waits until its input ends. An attempt is answered if anything behind the greeting or the end
 * came back, and dropped if the system did not take the connection in time (a full backlog).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RING = 16384, GREETING = 64, HELLO_AT = GREETING, MOST_BYTES = 512 };

typedef struct {
    int wire;
    int is_said;
    double since_s;
} Attempt;

typedef struct {
    struct sockaddr_in place;
    unsigned char said[MOST_BYTES];
    size_t size;
    size_t fresh_at, fresh_size; /* what is new in each attempt */
    int is_text;
    uint64_t state;
    Attempt ring[RING];
    unsigned first, next;
    long begun, said_count, answered, dropped, failed, full;
} Knocker;

static void fail(const char *what, const char *why) {
    fprintf(stderr, "knocker: %s: %s\n", what, why);
    exit(1);
}

static double clock_s(clockid_t which) {
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *value_of(int count, char **arguments, const char *key, const char *fallback) {
    size_t length = strlen(key);
    for (int i = 2; i < count; i++)
        if (!strncmp(arguments[i], key, length) && arguments[i][length] == '=')
            return arguments[i] + length + 1;
    return fallback;
}

/* xorshift64*: nobody has to be unable to guess it, but no two may be the same. */
static uint64_t random64(Knocker *k) {
    k->state ^= k->state >> 12;
    k->state ^= k->state << 25;
    k->state ^= k->state >> 27;
    return k->state * 0x2545F4914F6CDD1DULL;
}

/* Greeting (RFC 23, version 3.1) and HELLO (RFC 24, RFC 26). */
static void prepare(Knocker *k, const char *mechanism, const char *user) {
    unsigned char *at = k->said;
    int is_curve = !strcmp(mechanism, "CURVE");
    size_t name = strlen(user);
    if (!is_curve && strcmp(mechanism, "PLAIN")) fail("mechanism", "CURVE or PLAIN");
    if (name > 100) fail("user", "too long");
    at[0] = 0xff, at[9] = 0x7f, at[10] = 3, at[11] = 1;
    memcpy(at + 12, mechanism, strlen(mechanism));
    size_t body = 6 + (is_curve ? 194 : 1 + name + 1 + 16);
    at[HELLO_AT] = 4; /* a short command */
    at[HELLO_AT + 1] = (unsigned char)body;
    memcpy(at + HELLO_AT + 2, "\5HELLO", 6);
    unsigned char *data = at + HELLO_AT + 8;
    if (is_curve) {
        data[0] = 1; /* version 1.0, then 72 bytes of padding */
        k->fresh_at = (size_t)(data - at) + 74, k->fresh_size = 120;
    } else {
        data[0] = (unsigned char)name;
        memcpy(data + 1, user, name);
        data[1 + name] = 16;
        k->fresh_at = (size_t)(data - at) + 2 + name, k->fresh_size = 16;
    }
    k->is_text = !is_curve;
    k->size = HELLO_AT + 2 + body;
}

static void freshen(Knocker *k) {
    for (size_t i = 0; i < k->fresh_size; i += 8) {
        uint64_t value = random64(k);
        if (k->is_text) value = (value & 0x0f0f0f0f0f0f0f0fULL) | 0x6060606060606060ULL;
        memcpy(k->said + k->fresh_at + i, &value, 8);
    }
}

static int say(Knocker *k, Attempt *a) {
    ssize_t sent = send(a->wire, k->said, k->size, MSG_DONTWAIT | MSG_NOSIGNAL);
    a->is_said = sent == (ssize_t)k->size;
    k->said_count += a->is_said;
    return a->is_said;
}

static void begin(Knocker *k, double now_s) {
    static const struct linger reset = {1, 0};
    if (k->next - k->first == RING) {
        k->full++;
        return;
    }
    Attempt *a = &k->ring[k->next % RING];
    a->wire = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (a->wire < 0) fail("socket", strerror(errno));
    /* With FIN, the ports of this machine would be used up after some seconds. */
    setsockopt(a->wire, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    k->begun++;
    a->since_s = now_s;
    a->is_said = 0;
    k->next++;
    if (connect(a->wire, (struct sockaddr *)&k->place, sizeof k->place) && errno != EINPROGRESS)
        return;
    /* Within one machine the handshake is over when connect returns. */
    freshen(k);
    say(k, a);
}

static void end(Knocker *k, Attempt *a) {
    char came[1024];
    ssize_t size = 0;
    if (!a->is_said && !say(k, a))
        k->dropped++;
    else {
        size = recv(a->wire, came, sizeof came, MSG_DONTWAIT);
        if (size == 0 || size > GREETING || (size < 0 && errno == ECONNRESET)) k->answered++;
        else k->failed++;
    }
    close(a->wire);
}

static void run(Knocker *k, double rate, double seconds, double hold_s) {
    double begun_s = clock_s(CLOCK_MONOTONIC), now_s = begun_s;
    long due = 0;
    while (now_s < begun_s + seconds + hold_s + 0.05) {
        double into_s = now_s - begun_s < seconds ? now_s - begun_s : seconds;
        for (long wanted = (long)(rate * into_s); due < wanted; due++) begin(k, now_s);
        while (k->first != k->next && k->ring[k->first % RING].since_s < now_s - hold_s)
            end(k, &k->ring[k->first++ % RING]);
        usleep(500);
        now_s = clock_s(CLOCK_MONOTONIC);
    }
    while (k->first != k->next) end(k, &k->ring[k->first++ % RING]);
}

int main(int count, char **arguments) {
    static Knocker k;
    if (count < 3) fail("usage", "knocker go port=… mechanism=…");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    double rate = atof(value_of(count, arguments, "rate", "10000"));
    double seconds = atof(value_of(count, arguments, "seconds", "10"));
    double hold_s = atof(value_of(count, arguments, "hold_ms", "100")) / 1e3;
    k.place.sin_family = AF_INET;
    k.place.sin_port = htons((uint16_t)atoi(value_of(count, arguments, "port", "0")));
    inet_pton(AF_INET, value_of(count, arguments, "host", "127.0.0.1"), &k.place.sin_addr);
    k.state = (uint64_t)(clock_s(CLOCK_REALTIME) * 1e9) | 1;
    prepare(&k, value_of(count, arguments, "mechanism", "CURVE"),
            value_of(count, arguments, "user", "nobody"));
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    printf("{\"ready\": true, \"endpoints\": []}\n");
    fflush(stdout);
    double begun_s = clock_s(CLOCK_MONOTONIC);
    run(&k, rate, seconds, hold_s);
    double took_s = clock_s(CLOCK_MONOTONIC) - begun_s;
    printf("{\"begun\": %ld, \"said\": %ld, \"answered\": %ld, \"dropped\": %ld, \"failed\": %ld, "
           "\"full\": %ld, \"seconds\": %.3f, \"per_s\": %.1f, \"answered_per_s\": %.1f, "
           "\"cpu_s\": %.2f}\n",
           k.begun, k.said_count, k.answered, k.dropped, k.failed, k.full, took_s,
           (double)k.begun / seconds, (double)k.answered / seconds,
           clock_s(CLOCK_PROCESS_CPUTIME_ID));
    fflush(stdout);
    for (char rest[64]; read(0, rest, sizeof rest) > 0;) continue;
    return 0;
}
