package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.usecase.RegisterCustomer.Result;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class PendingRegistrationsTest {
    private static final int MAX = 10;
    /** A count that took long is followed by a longer pause. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(90);

    private Vertx vertx;
    private Pool pool;
    private SignUps signUps;

    @BeforeEach
    void instance(Vertx theVertx) {
        vertx = theVertx;
        pool = TestStack.pool(vertx, TestStack.newMigratedDatabase());
        signUps = instance();
    }

    @AfterEach
    void stop() {
        signUps.onContext(signUps.pending::stop);
    }

    @Test
    void noMoreAreUnderWayAtOnceThanMayBePending() {
        String[] names = IntStream.range(0, MAX + 5).mapToObj(i -> "name" + i).toArray(String[]::new);
        List<Future<Result>> answers = signUps.inOneTick(names);
        answers.forEach(TestStack::get);
        assertThat(answers.subList(0, MAX)).allMatch(answer -> answer.result() instanceof Result.Accepted);
        assertThat(answers.subList(MAX, MAX + 5)).allMatch(answer -> answer.result() == Result.Busy.PENDING);
        assertThat(count(pool, "customer")).isEqualTo(MAX);
    }

    /** Nothing is counted here: the service asks once a second, and until then goes by what it has accepted. */
    @Test
    void whatWasAcceptedSinceTheLastCountCounts() {
        for (int i = 0; i < MAX; i++) {
            signUps.registered("name" + i);
        }
        assertThat(get(signUps.register("another"))).isEqualTo(Result.Busy.PENDING);
    }

    @Test
    void whoGotNoCustomerIsNotPending() {
        signUps.registered("ada");
        for (int i = 0; i < MAX; i++) {
            assertThat(get(signUps.register("ada"))).isInstanceOf(Result.UsernameTaken.class);
        }
        assertThat(get(signUps.register("bob"))).isInstanceOf(Result.Accepted.class);
    }

    @Test
    void settledRegistrationsMakeRoomForOthers() {
        signUps.onContext(signUps.pending::start);
        for (int i = 0; i < MAX; i++) {
            signUps.registered("name" + i);
        }
        assertThat(get(signUps.register("another"))).isEqualTo(Result.Busy.PENDING);
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now() "
                        + "WHERE username = 'name0'")
                .execute());
        await().atMost(WAIT_MAX).until(() -> get(signUps.register("another")) instanceof Result.Accepted);
        assertThat(get(signUps.register("too-many"))).isEqualTo(Result.Busy.PENDING);
    }

    @Test
    void aCountThatFailsLeavesTheLastOneInForceAndShows() {
        for (int i = 0; i < MAX; i++) {
            signUps.registered("name" + i);
        }
        get(pool.query("ALTER TABLE customer RENAME TO away").execute());
        signUps.onContext(signUps.pending::start);
        await().atMost(WAIT_MAX).until(signUps.pending::isUncounted);
        assertThat(signUps.pending.atMost()).isEqualTo(MAX);
        get(pool.query("ALTER TABLE away RENAME TO customer").execute());
        get(pool.query("UPDATE customer SET status = 'REGISTRATION_SUCCESS', settled_at = now()")
                .execute());
        await().atMost(WAIT_MAX).until(() -> signUps.pending.atMost() == 0);
        assertThat(signUps.pending.isUncounted()).isFalse();
    }

    @Test
    void whatAnotherInstanceAcceptedIsCounted() {
        SignUps other = instance();
        for (int i = 0; i < MAX; i++) {
            other.registered("name" + i);
        }
        signUps.onContext(signUps.pending::start);
        await().atMost(WAIT_MAX).until(() -> signUps.pending.atMost() == MAX);
        assertThat(get(signUps.register("another"))).isEqualTo(Result.Busy.PENDING);
    }

    private SignUps instance() {
        return new SignUps(vertx, pool, new SignUps.Limits(3, Duration.ofSeconds(20), Duration.ofSeconds(20), MAX));
    }
}
