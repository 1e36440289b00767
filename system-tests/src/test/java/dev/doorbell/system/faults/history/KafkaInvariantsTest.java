package dev.doorbell.system.faults.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.faults.history.Evidence.DeadLetterRow;
import dev.doorbell.system.faults.history.Evidence.InboxRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.ParkedKey;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Expectations.Poison;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** From the outbox through the topics to inbox and dead letters. Records: ann's request, reply and end first, and so on. */
class KafkaInvariantsTest {
    private static final int DOTS_END = 11;
    private static final int DOTS_DEADLOCK = 12;
    private static final int REPEAT = 25;

    @Test
    void everyEventIsPublishedAsItStands() {
        String name = "every-event-published";
        Lie.isSeenBy(name, history -> history.records.remove(DOTS_DEADLOCK));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.records, 2, "payload", changedByAByte(history, 2)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.records, 2, "payload", null));
        Lie.isSeenBy(
                name,
                history -> Altered.in(
                        history.records, 2, "key", history.records.get(3).key()));
        Lie.isSeenBy(name, history -> Altered.in(history.records, 2, "type", "CustomerNotRegisteredEvent"));
        Lie.isSeenBy(name, history -> Altered.in(history.records, 2, "type", null));
        Lie.isSeenBy(name, history -> Altered.in(history.records, 2, "topic", Topics.PAYMENT));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.records, 2, "sequence", 3L));
        // The repeat counts too, and the first one is not enough.
        Lie.isSeenOnlyBy(
                name, history -> Altered.in(history.records, REPEAT, "payload", changedByAByte(history, REPEAT)));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.add(history.customerSide.outbox.get(1)));
    }

    private static String changedByAByte(SampleHistory history, int index) {
        String payload = history.records.get(index).payload();
        return payload.substring(0, payload.length() - 1) + "\u00fd";
    }

    @Test
    void noRecordComesFromNowhere() {
        String name = "nothing-from-nowhere";
        Lie.isSeenBy(name, history -> Altered.in(history.records, 2, "eventId", UuidV7.create()));
        Lie.isSeenBy(name, history -> Altered.in(history.records, 2, "eventId", null));
        Lie.isSeenBy(name, history -> history.customerSide.outbox.remove(1));
        Lie.isSeenOnlyBy(
                name,
                history -> history.records.add(Altered.with(
                        Altered.with(history.records.get(2), "eventId", UuidV7.create()), "sequence", 99L)));
    }

    @Test
    void firstOccurrencesComeInTheOrderOfCommits() {
        String name = "first-occurrences-in-order";
        Lie.isSeenOnlyBy(name, history -> swapOffsets(history, DOTS_END, DOTS_DEADLOCK));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.records, DOTS_END, "partition", 1));
        // A repeat of an earlier one behind a later one is allowed; the other way round the later one was first.
        SampleHistory repeated = SampleHistory.good();
        repeated.records.add(Altered.with(repeated.records.get(DOTS_END), "offset", 100L));
        assertThat(repeated.check()).isEmpty();
        Lie.isSeenOnlyBy(
                name, history -> history.records.add(Altered.with(history.records.get(DOTS_DEADLOCK), "offset", 10L)));
    }

    /** Two services that cannot read a record announce it to one topic, each with the numbers of its own outbox. */
    @Test
    void ordersOfTwoOutboxesSayNothingOfEachOther() {
        SampleHistory history = SampleHistory.good();
        TopicRecord end = history.records.get(DOTS_END);
        TopicRecord other = Altered.with(
                Altered.with(Altered.with(end, "source", "/elsewhere"), "eventId", UuidV7.create()), "offset", 100L);
        history.records.add(Altered.with(other, "sequence", 1L));
        assertThat(history.check()).extracting(Violation::invariant).doesNotContain("first-occurrences-in-order");
    }

    private static void swapOffsets(SampleHistory history, int one, int other) {
        long offset = history.records.get(one).offset();
        Altered.in(history.records, one, "offset", history.records.get(other).offset());
        Altered.in(history.records, other, "offset", offset);
    }

    @Test
    void inboxHasWhatWasConsumed() {
        String name = "consumed-is-in-the-inbox";
        Lie.isSeenOnlyBy(name, history -> history.customerSide.inbox.remove(0));
        Lie.isSeenOnlyBy(name, history -> history.paymentSide.inbox.remove(0));
        Lie.isSeenOnlyBy(name, history -> history.paymentSide.inbox.add(history.paymentSide.inbox.get(0)));
        Lie.isSeenOnlyBy(name, history -> Altered.in(history.paymentSide.inbox, 0, "consumer", Rest.CUSTOMER_GROUP));
        Lie.isSeenOnlyBy(
                name, history -> history.paymentSide.inbox.add(new InboxRow(Rest.PAYMENT_GROUP, UuidV7.create())));
        // An event that the group does not handle: the end of ann's registration.
        Lie.isSeenOnlyBy(
                name,
                history -> history.paymentSide.inbox.add(
                        new InboxRow(Rest.PAYMENT_GROUP, history.records.get(2).eventId())));
    }

    @Test
    void deadLettersAreExactlyTheInjectedPoison() {
        String name = "dead-letters-are-the-poison";
        SampleHistory poisoned = SampleHistory.good();
        poison(poisoned);
        assertThat(poisoned.check()).isEmpty();
        Lie.isSeenBy(name, history -> poison(history).deadLetters.clear());
        Lie.isSeenBy(name, history -> poison(history).parkedKeys.clear());
        Lie.isSeenBy(name, history -> poison(history).outbox.remove(16));
        Lie.isSeenBy(name, history -> Altered.in(poison(history).deadLetters, 0, "reason", "PARKED"));
        Lie.isSeenBy(name, history -> Altered.in(poison(history).deadLetters, 0, "eventId", UuidV7.create()));
        Lie.isSeenBy(name, history -> Altered.in(poison(history).parkedKeys, 0, "key", "other"));
        Lie.isSeenBy(
                name,
                history -> history.customerSide.deadLetters.add(
                        new DeadLetterRow(Rest.CUSTOMER_GROUP, Topics.PAYMENT, UuidV7.create(), "k", "POISON")));
        Lie.isSeenBy(
                name,
                history -> history.paymentSide.deadLetters.add(
                        new DeadLetterRow(Poison.RELAY, Topics.PAYMENT, UuidV7.create(), "k", "UNPUBLISHABLE")));
        Lie.isSeenBy(
                name,
                history ->
                        history.customerSide.parkedKeys.add(new ParkedKey(Rest.CUSTOMER_GROUP, Topics.PAYMENT, "k")));
        Lie.isSeenBy(name, history -> poison(history).deadLetters.add(history.customerSide.deadLetters.get(0)));
    }

    /** A reply for nobody, written past the relay. */
    private static SampleHistory.SampleSide poison(SampleHistory history) {
        UUID id = UuidV7.create();
        history.records.add(
                new TopicRecord(Topics.PAYMENT, 0, 200, "nobody", id, "PaymentAuthorizedEvent", "/test", -1, "{}"));
        SampleHistory.SampleSide side = history.customerSide;
        side.inbox.add(new InboxRow(Rest.CUSTOMER_GROUP, id));
        side.deadLetters.add(new DeadLetterRow(Rest.CUSTOMER_GROUP, Topics.PAYMENT, id, "nobody", "POISON"));
        side.parkedKeys.add(new ParkedKey(Rest.CUSTOMER_GROUP, Topics.PAYMENT, "nobody"));
        OutboxRow announcement =
                new OutboxRow(50, UuidV7.create(), "nobody", History.DEAD_LETTER_EVENT, Topics.PAYMENT + ".DLT", "{}");
        history.append(side, announcement);
        history.publish(announcement);
        history.expectations = history.expectations.withPoison(
                List.of(new Poison(Rest.CUSTOMER_GROUP, Topics.PAYMENT, "nobody", id, "POISON")));
        return side;
    }
}
