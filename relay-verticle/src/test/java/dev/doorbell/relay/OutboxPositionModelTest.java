package dev.doorbell.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of order and gaps against random writers, a session that answers late and in order, acknowledgements in any
 * order, and crashes at any moment.
 */
class OutboxPositionModelTest {
    private static final int STEPS = 8_000;
    private static final int LIMIT = 3;

    /** A statement on the session: it runs some time after it was sent, and its answer arrives some time after that. */
    private final class Statement {
        final long readNumber;
        final long above;
        final List<SeqRange> gaps;
        List<Long> rows;
        Set<String> holders;

        Statement(long readNumber, long above, List<SeqRange> gaps) {
            this.readNumber = readNumber;
            this.above = above;
            this.gaps = gaps;
        }

        boolean isLook() {
            return readNumber == 0;
        }

        boolean hasRun() {
            return rows != null || holders != null;
        }

        void run() {
            if (isLook()) {
                holders = model.holders();
            } else {
                rows = model.read(above, gaps, LIMIT);
            }
        }
    }

    private Random random;
    private OutboxModel model;
    private OutboxPosition position;
    private GapSettler settler;
    private OutboxCursor stored = new OutboxCursor(0, List.of());
    private final Deque<Statement> session = new ArrayDeque<>();
    private final List<List<Long>> inFlight = new ArrayList<>();
    private final Set<Long> published = new HashSet<>();
    /** Per aggregate the highest seq that was ever sent, for the order of first occurrences. */
    private final Map<Integer, Long> sent = new HashMap<>();

    private long reads;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void losesNothingKeepsTheOrderAndSettlesEveryGap(int seed) {
        random = new Random(seed);
        model = new OutboxModel(random, 8);
        restart();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(24)) {
                case 0, 1, 2, 3 -> model.someWriterActs();
                case 4, 5, 6 -> sendRead();
                case 7, 8, 9 -> sendLook();
                case 10, 11, 12, 13, 14 -> runNext();
                case 15, 16, 17, 18, 19 -> receiveNext();
                case 20, 21 -> acknowledgeSome();
                case 22 -> stored = position.cursor();
                default -> {
                    if (random.nextInt(40) == 0) {
                        restart();
                    }
                }
            }
            assertNothingIsLostByACrashNow();
        }
        model.endAll();
        for (int i = 0; i < 10 * model.rows.size(); i++) {
            sendRead();
            sendLook();
            runNext();
            runNext();
            receiveNext();
            receiveNext();
            acknowledgeSome();
        }
        assertThat(published).containsAll(model.rows.keySet());
        assertThat(position.openGaps()).isEmpty();
        assertThat(position.cursor().gaps()).isEmpty();
    }

    private void restart() {
        position = new OutboxPosition(stored);
        settler = new GapSettler();
        session.clear();
        inFlight.clear();
    }

    private void sendRead() {
        if (session.stream().allMatch(Statement::isLook) && inFlight.size() < 4) {
            session.addLast(new Statement(++reads, position.readThrough(), position.openGaps()));
        }
    }

    private void sendLook() {
        if (session.stream().noneMatch(Statement::isLook) && position.openGapCount() > 0) {
            session.addLast(new Statement(0, 0, List.of()));
        }
    }

    private void runNext() {
        session.stream().filter(statement -> !statement.hasRun()).findFirst().ifPresent(Statement::run);
    }

    private void receiveNext() {
        if (session.isEmpty() || !session.peekFirst().hasRun()) {
            return;
        }
        Statement answer = session.removeFirst();
        if (answer.isLook()) {
            long through = position.hasOpenGapsAbove(settler.notedThrough()) ? position.readThrough() : 0;
            settler.look(answer.holders, through, reads + 1);
            return;
        }
        assertThat(position.read(answer.rows))
                .as("rows in gaps that were given up")
                .isEmpty();
        boolean cut = answer.rows.size() == LIMIT;
        position.settle(settler.settledThrough(answer.readNumber, cut ? answer.rows.get(LIMIT - 1) : Long.MAX_VALUE));
        if (!answer.rows.isEmpty()) {
            inFlight.add(answer.rows);
        }
        answer.rows.forEach(this::assertFirstOccurrenceInOrder);
    }

    private void assertFirstOccurrenceInOrder(long seq) {
        int aggregate = model.rows.get(seq);
        long highest = sent.getOrDefault(aggregate, 0L);
        if (seq > highest) {
            sent.put(aggregate, seq);
        } else {
            assertThat(everSent)
                    .as("seq %d after %d of its aggregate", seq, highest)
                    .contains(seq);
        }
        everSent.add(seq);
    }

    private final Set<Long> everSent = new HashSet<>();

    private void acknowledgeSome() {
        if (!inFlight.isEmpty()) {
            List<Long> batch = inFlight.remove(random.nextInt(inFlight.size()));
            position.acknowledged(batch);
            published.addAll(batch);
        }
    }

    private void assertNothingIsLostByACrashNow() {
        SeqRanges storedGaps = new SeqRanges();
        stored.gaps().forEach(storedGaps::add);
        assertThat(model.rows.headMap(stored.publishedThrough(), true).keySet())
                .allMatch(seq -> published.contains(seq) || storedGaps.contains(seq));
        model.writers.forEach(writer ->
                assertThat(writer.drawn).allMatch(seq -> seq > stored.publishedThrough() || storedGaps.contains(seq)));
    }
}
