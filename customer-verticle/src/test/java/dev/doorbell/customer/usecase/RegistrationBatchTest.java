package dev.doorbell.customer.usecase;

import static dev.doorbell.customer.TestStack.count;
import static dev.doorbell.customer.TestStack.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.doorbell.customer.TestStack;
import dev.doorbell.customer.domain.NewCustomer;
import dev.doorbell.customer.store.CustomerStore;
import dev.doorbell.customer.store.RegistrationRow;
import dev.doorbell.customer.usecase.RegisterCustomer.Result;
import dev.doorbell.localstack.FaultProxy;
import dev.doorbell.outbox.Outbox;
import dev.doorbell.service.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Registrations that share a transaction, on a real database. */
@ExtendWith(VertxExtension.class)
class RegistrationBatchTest {
    /** The first customer of a transaction passes; the others wait while somebody has the advisory lock. */
    private static final String HOLD_SECOND_ROWS = """
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF coalesce(current_setting('test.rows', true), '') = '' THEN
                    PERFORM set_config('test.rows', '1', true);
                ELSE
                    PERFORM pg_advisory_xact_lock_shared(1);
                END IF;
                RETURN NEW;
            END
            $$;
            CREATE TRIGGER hold BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION hold();
            """;

    private static final String HOLD_COMMITS = """
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_xact_lock_shared(1);
                RETURN NULL;
            END
            $$;
            CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON customer DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION hold();
            """;

    private static final String WAITING =
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private Vertx vertx;
    private DatabaseUrl url;
    private Pool pool;
    /** Its sessions wait for locks, and between statements, for as long as a test takes. */
    private Pool patientPool;

    private SignUps signUps;

    @BeforeEach
    void database(Vertx theVertx) {
        vertx = theVertx;
        url = TestStack.newMigratedDatabase();
        pool = TestStack.pool(vertx, url);
        PgConnectOptions patient = url.connectOptions("patient")
                .addProperty("lock_timeout", "0")
                .addProperty("idle_in_transaction_session_timeout", "0");
        patientPool = PgBuilder.pool()
                .using(vertx)
                .connectingTo(patient)
                .with(new PoolOptions().setMaxSize(5))
                .build();
        signUps = new SignUps(vertx, pool);
    }

    @Test
    void whatOneTickBringsIsOneTransaction() {
        String[] names = IntStream.range(0, 100).mapToObj(i -> "name" + i).toArray(String[]::new);
        signUps.inOneTick(names).forEach(answer -> assertThat(get(answer)).isInstanceOf(Result.Accepted.class));
        assertThat(signUps.committed).containsExactly(100);
        assertThat(count(pool, "(SELECT xmin::text FROM customer UNION SELECT xmin::text FROM outbox) AS transactions"))
                .isEqualTo(1);
        assertThat(count(pool, "outbox JOIN customer ON aggregate_id = customer.id::text"))
                .isEqualTo(100);
    }

    @Test
    void aTickOfMoreThanABatchIsSeveral() {
        int rows = RegistrationQueue.BATCH_ROWS_MAX * 2 + 1;
        String[] names = IntStream.range(0, rows).mapToObj(i -> "name" + i).toArray(String[]::new);
        signUps.inOneTick(names).forEach(answer -> assertThat(get(answer)).isInstanceOf(Result.Accepted.class));
        assertThat(signUps.committed)
                .containsExactlyInAnyOrder(RegistrationQueue.BATCH_ROWS_MAX, RegistrationQueue.BATCH_ROWS_MAX, 1);
    }

    /** The statement writes the outbox by itself: its rows must be those that the library would have appended. */
    @Test
    void theEventIsWhatTheLibraryAppends() {
        RegistrationRow row = SignUps.row(SignUps.customer("ada"));
        List<String> rows = new ArrayList<>();
        for (boolean byLibrary : new boolean[] {true, false}) {
            SqlConnection connection = get(pool.getConnection());
            Transaction transaction = get(connection.begin());
            Future<?> appended = byLibrary
                    ? new Outbox().append(connection, row.event())
                    : new CustomerStore().register(connection, List.of(row), Optional.empty());
            get(appended);
            get(connection
                            .query("SELECT (to_jsonb(o) - 'seq' - 'created_at')::text FROM outbox o")
                            .execute())
                    .forEach(found -> rows.add(found.getString(0)));
            get(transaction.rollback());
            get(connection.close());
        }
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).isEqualTo(rows.get(1));
    }

    @Test
    void winnersAndLosersOfABatchAreToldApart() {
        signUps.registered("ada");
        List<Future<Result>> answers = signUps.inOneTick("bob", "ada", "carol", "bob");
        assertThat(get(answers.get(0))).isInstanceOf(Result.Accepted.class);
        assertThat(get(answers.get(1))).isInstanceOf(Result.UsernameTaken.class);
        assertThat(get(answers.get(2))).isInstanceOf(Result.Accepted.class);
        assertThat(get(answers.get(3))).isInstanceOf(Result.UsernameTaken.class);
        String bob = ((Result.Accepted) get(answers.get(0))).id().toString();
        assertThat(count(pool, "customer WHERE username = 'bob' AND id = '" + bob + "'"))
                .isEqualTo(1);
        assertThat(count(pool, "outbox")).isEqualTo(3);
        assertThat(signUps.repeated).isEmpty();
    }

    @Test
    void twoInstancesAndManyEqualNamesMakeOneCustomerOfEach() {
        SignUps other = new SignUps(vertx, pool);
        Random random = new Random(7);
        List<Future<Result>> answers = new ArrayList<>();
        for (int tick = 0; tick < 60; tick++) {
            String[] names = random.ints(20, 0, 200).mapToObj(i -> "name" + i).toArray(String[]::new);
            answers.addAll((tick % 2 == 0 ? signUps : other).inOneTick(names));
        }
        answers.forEach(TestStack::get);
        long accepted = answers.stream()
                .filter(answer -> answer.result() instanceof Result.Accepted)
                .count();
        assertThat(accepted).isEqualTo(count(pool, "customer")).isEqualTo(count(pool, "outbox"));
        assertThat(count(pool, "(SELECT DISTINCT username FROM customer) AS names"))
                .isEqualTo(accepted);
        assertThat(signUps.repeated).isEmpty();
        assertThat(other.repeated).isEmpty();
    }

    /** Each has claimed one name and comes for the other's; whoever sorts waits before the first claim. */
    @Test
    void batchesThatClaimTheSameNamesDoNotDeadlock() {
        get(pool.query(HOLD_SECOND_ROWS).execute());
        SqlConnection holder = get(pool.getConnection());
        get(holder.query("SELECT pg_advisory_lock(1)").execute());
        SignUps other = new SignUps(vertx, pool);
        List<Future<Result>> answers = new ArrayList<>(signUps.inOneTick("ada", "zoe"));
        answers.addAll(other.inOneTick("zoe", "ada"));
        await("both to wait").until(() -> count(pool, WAITING) == 2);
        get(holder.query("SELECT pg_advisory_unlock(1)").execute());
        get(holder.close());
        answers.forEach(TestStack::get);
        assertThat(signUps.repeated).isEmpty();
        assertThat(other.repeated).isEmpty();
        assertThat(count(pool, "customer")).isEqualTo(2);
    }

    @Test
    void aRowThatFailsDoesNotFailTheOthersOfItsBatch() {
        get(pool.query("ALTER TABLE customer ADD CHECK (first_name <> 'Bad')").execute());
        List<Future<Result>> answers =
                signUps.inOneTick(SignUps.customer("ada"), SignUps.customer("bob", "Bad"), SignUps.customer("carol"));
        assertThat(get(answers.get(0))).isInstanceOf(Result.Accepted.class);
        assertThatThrownBy(() -> get(answers.get(1))).isInstanceOf(PgException.class);
        assertThat(get(answers.get(2))).isInstanceOf(Result.Accepted.class);
        assertThat(signUps.repeated).containsExactly(3);
        assertThat(count(pool, "customer")).isEqualTo(2);
        assertThat(count(pool, "outbox")).isEqualTo(2);
    }

    /** They would take all connections, from batches of others and from whoever reads. */
    @Test
    void ofARefusedBatchAFewGoAtATimeAndTheRestWaitsNoLongerThanAnybody() {
        SignUps instance = new SignUps(
                vertx,
                patientPool,
                new SignUps.Limits(3, Duration.ofSeconds(20), Duration.ofSeconds(2), SignUps.PENDING_MAX));
        get(pool.query("ALTER TABLE customer ADD CHECK (first_name <> 'Bad')").execute());
        get(pool.query(HOLD_COMMITS).execute());
        SqlConnection holder = get(pool.getConnection());
        get(holder.query("SELECT pg_advisory_lock(1)").execute());
        NewCustomer[] customers = IntStream.range(0, 20)
                .mapToObj(i -> SignUps.customer("name" + i, i == 19 ? "Bad" : "Ada"))
                .toArray(NewCustomer[]::new);
        List<Future<Result>> answers = instance.inOneTick(customers);
        await("the rest to be refused")
                .until(() -> answers.stream().filter(Future::isComplete).count() >= 20 - RegistrationQueue.ALONE_MAX);
        assertThat(count(pool, WAITING)).isEqualTo(RegistrationQueue.ALONE_MAX);
        assertThat(answers.subList(RegistrationQueue.ALONE_MAX, 20))
                .allMatch(answer -> answer.result() == Result.Busy.QUEUE);
        get(holder.query("SELECT pg_advisory_unlock(1)").execute());
        get(holder.close());
        assertThat(get(answers.get(0))).isInstanceOf(Result.Accepted.class);
        assertThat(get(answers.get(1))).isInstanceOf(Result.Accepted.class);
        assertThat(count(pool, "customer")).isEqualTo(RegistrationQueue.ALONE_MAX);
    }

    /** The sessions themselves wait for ever, so that only the batch's own limit lets the others go on. */
    @Test
    void aNameThatIsBeingClaimedHoldsUpTheOthersOfItsBatchForAMomentOnly() {
        SignUps instance = new SignUps(
                vertx,
                patientPool,
                new SignUps.Limits(3, Duration.ofMillis(100), Duration.ofSeconds(20), SignUps.PENDING_MAX));
        SqlConnection claiming = get(patientPool.getConnection());
        Transaction transaction = get(claiming.begin());
        get(new CustomerStore().register(claiming, List.of(SignUps.row(SignUps.customer("ada"))), Optional.empty()));
        List<Future<Result>> answers = instance.inOneTick("ada", "bob", "carol");
        await("the others")
                .until(() -> answers.get(1).isComplete() && answers.get(2).isComplete());
        assertThat(answers.get(1).result()).isInstanceOf(Result.Accepted.class);
        assertThat(answers.get(2).result()).isInstanceOf(Result.Accepted.class);
        assertThat(answers.get(0).isComplete()).isFalse();
        get(transaction.rollback());
        assertThat(get(answers.get(0))).isInstanceOf(Result.Accepted.class);
        get(claiming.close());
    }

    @Test
    void answersComeAfterTheCommitAndSayWhenNobodyKnowsOfIt() {
        get(pool.query(HOLD_COMMITS).execute());
        SqlConnection holder = get(pool.getConnection());
        get(holder.query("SELECT pg_advisory_lock(1)").execute());
        try (FaultProxy proxy = FaultProxy.start(url.port())) {
            DatabaseUrl byProxy = new DatabaseUrl(url.host(), proxy.port(), url.database(), url.user(), url.password());
            SignUps instance = new SignUps(vertx, TestStack.pool(vertx, byProxy));
            List<Future<Result>> answers = instance.inOneTick("ada", "bob", "ada");
            await("the commit").until(() -> count(pool, WAITING + " AND query = 'COMMIT'") == 1);
            assertThat(answers).noneMatch(Future::isComplete);

            proxy.reset();
            assertThat(get(answers.get(0))).isInstanceOf(Result.Unknown.class);
            assertThat(get(answers.get(1))).isInstanceOf(Result.Unknown.class);
            // Whatever becomes of the commit, this one is not registered.
            assertThatThrownBy(() -> get(answers.get(2))).isNotNull();
            get(holder.query("SELECT pg_advisory_unlock(1)").execute());
            get(holder.close());
            await().until(() -> count(pool, "customer") == 2);
        }
    }

    @Test
    void whoComesBehindAFullQueueIsRefusedAtOnce() {
        SignUps instance = new SignUps(
                vertx,
                pool,
                new SignUps.Limits(1, Duration.ofSeconds(20), Duration.ofSeconds(20), SignUps.PENDING_MAX));
        SqlConnection holder = get(pool.getConnection());
        Future<Result> first = registerAndHold(instance, holder);
        String[] names = IntStream.range(0, RegistrationQueue.WAITING_MAX + 1)
                .mapToObj(i -> "name" + i)
                .toArray(String[]::new);
        List<Future<Result>> answers = instance.inOneTick(names);
        await("the first to be answered").until(() -> answers.stream().anyMatch(Future::isComplete));
        assertThat(answers.get(RegistrationQueue.WAITING_MAX).result()).isEqualTo(Result.Busy.QUEUE);
        assertThat(answers).filteredOn(Future::isComplete).hasSize(1);
        assertThat(first.isComplete()).isFalse();
        get(holder.query("SELECT pg_advisory_unlock(1)").execute());
        get(holder.close());
        assertThat(get(first)).isInstanceOf(Result.Accepted.class);
        answers.forEach(TestStack::get);
        assertThat(count(pool, "customer")).isEqualTo(RegistrationQueue.WAITING_MAX + 1);
    }

    @Test
    void whoWaitsTooLongIsRefused() {
        SignUps instance = new SignUps(
                vertx,
                patientPool,
                new SignUps.Limits(1, Duration.ofSeconds(20), Duration.ofMillis(300), SignUps.PENDING_MAX));
        SqlConnection holder = get(pool.getConnection());
        Future<Result> first = registerAndHold(instance, holder);
        Future<Result> second = instance.register("second");
        await("the second to be refused").until(second::isComplete);
        assertThat(second.result()).isEqualTo(Result.Busy.QUEUE);
        assertThat(first.isComplete()).isFalse();
        get(holder.query("SELECT pg_advisory_unlock(1)").execute());
        get(holder.close());
        assertThat(get(first)).isInstanceOf(Result.Accepted.class);
        assertThat(count(pool, "customer")).isEqualTo(1);
    }

    private Future<Result> registerAndHold(SignUps instance, SqlConnection holder) {
        get(pool.query(HOLD_COMMITS).execute());
        get(holder.query("SELECT pg_advisory_lock(1)").execute());
        Future<Result> first = instance.register("first");
        await("the first to wait").until(() -> count(pool, WAITING) == 1);
        return first;
    }
}
