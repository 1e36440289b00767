package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.system.harness.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the load says of answers, on a server that gives every kind of them. */
class LoadTest {
    private static final long SEED = 11;
    private static final int CALLS = 40;
    /** By the number of the call. */
    private static final List<String> ANSWERS = List.of("202", "409", "503", "500", "cut", "cut in the middle", "none");

    private final Vertx vertx = Vertx.vertx();
    private URI customers;

    @BeforeEach
    void start() {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, new JsonObject(body))))
                .listen(0, "127.0.0.1")
                .await();
        customers = URI.create("http://127.0.0.1:" + server.actualPort() + "/customers");
    }

    @AfterEach
    void end() {
        vertx.close().await();
    }

    private static String kind(long number) {
        return ANSWERS.get((int) (number % ANSWERS.size()));
    }

    /** Where there will be an answer, patience that a loaded machine does not try. */
    private static PlannedCall plan(long number) {
        long patienceMs = kind(number).equals("none") ? 700 : 20_000;
        return PlannedCall.of(SEED, number).withPatience(Duration.ofMillis(patienceMs));
    }

    private static void answer(HttpServerRequest request, JsonObject body) {
        long number = Long.parseLong(body.getString("lastName").substring("Call ".length()));
        switch (kind(number)) {
            case "202" ->
                request.response()
                        .setStatusCode(202)
                        .end(new JsonObject()
                                .put("id", new UUID(0, number).toString())
                                .encode());
            case "cut" -> request.connection().close();
            case "cut in the middle" ->
                request.response()
                        .setStatusCode(202)
                        .putHeader("Content-Length", "1000")
                        .write("{\"id\"")
                        .onComplete(written -> request.connection().close());
            case "none" -> request.pause();
            default ->
                request.response().setStatusCode(Integer.parseInt(kind(number))).end();
        }
    }

    @Test
    void everyAnswerHasItsOutcome(@TempDir Path directory) throws IOException {
        CallLog log = new CallLog(CALLS);
        try (Load load = Load.start(() -> customers, log, LoadTest::plan, 20, 1_000)) {
            Waiting.until("the log is full and all calls have ended")
                    .until(() -> log.calls().size() == CALLS);
            load.end();
        }

        assertThat(log.calls())
                .extracting(Call::number)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, CALLS).boxed().toList());
        assertThat(log.calls()).allSatisfy(call -> {
            Outcome expected = switch (kind(call.number())) {
                case "202" -> Outcome.OK;
                case "409", "503" -> Outcome.FAILED;
                default -> Outcome.UNKNOWN;
            };
            assertThat(call.outcome()).as(call.toString()).isEqualTo(expected);
            assertThat(call.id()).isEqualTo(expected == Outcome.OK ? new UUID(0, call.number()) : null);
            assertThat(call.endedAt()).isAfterOrEqualTo(call.sentAt());
        });
        assertThat(log.inFlight()).isZero();
        assertThat(log.next()).isEqualTo(-1);

        Path file = directory.resolve("runs").resolve("calls.jsonl");
        log.write(file);
        assertThat(Files.readAllLines(file))
                .hasSize(CALLS)
                .allSatisfy(line ->
                        assertThat(new JsonObject(line).getString("outcome")).isIn("OK", "FAILED", "UNKNOWN"));
    }

    @Test
    void callWithoutAnAnswerIsAskedOnceMoreWithItsName() {
        CallLog log = new CallLog(CALLS);
        try (Load load = Load.start(() -> customers, log, LoadTest::plan, 1, 1_000)) {
            Waiting.until("a call without an answer and the one behind it")
                    .until(() -> log.calls().size() > 4);
            load.end();
        }
        Call unanswered = log.calls().stream()
                .filter(call -> call.outcome() == Outcome.UNKNOWN)
                .findFirst()
                .orElseThrow();
        assertThat(log.calls().get((int) unanswered.number()).username()).isEqualTo(unanswered.username());
    }

    @Test
    void seedAloneDecidesWhatIsAskedFor() {
        List<PlannedCall> planned = LongStream.rangeClosed(1, 1_000)
                .mapToObj(number -> PlannedCall.of(SEED, number))
                .toList();
        assertThat(planned.get(500).username())
                .isEqualTo(PlannedCall.of(SEED, 501).username());
        assertThat(planned.get(500).patience())
                .isEqualTo(PlannedCall.of(SEED, 501).patience());
        assertThat(PlannedCall.of(SEED + 1, 501).username())
                .isNotEqualTo(planned.get(500).username());

        Map<String, Long> balances = planned.stream()
                .collect(Collectors.groupingBy(call -> call.registration().balance(), Collectors.counting()));
        assertThat(balances).containsOnlyKeys("0", "1.9999", "2.00", "100.00");
        assertThat(planned.stream()
                        .filter(call -> call.registration().validThru().equals("2020-01-31")))
                .hasSizeBetween(50, 150);
        assertThat(planned.stream().map(PlannedCall::username).distinct()).hasSizeBetween(700, 900);
        assertThat(planned.stream().filter(call -> call.patience().compareTo(Duration.ofSeconds(3)) < 0))
                .hasSizeBetween(200, 400);
    }

    @Test
    void someCallsAskForNamesThatNobodyCanHave() {
        List<String> taken = List.of("ida", "bert");
        List<PlannedCall> planned = LongStream.rangeClosed(1, 400)
                .mapToObj(number -> PlannedCall.of(SEED, number, taken))
                .toList();
        assertThat(planned.stream().filter(call -> call.username().equals("ida")))
                .hasSize(10);
        assertThat(planned.stream().filter(call -> call.username().equals("bert")))
                .hasSize(10);
        assertThat(planned.stream().filter(call -> !taken.contains(call.username())))
                .allMatch(call -> call.equals(PlannedCall.of(SEED, call.number())));
    }
}
