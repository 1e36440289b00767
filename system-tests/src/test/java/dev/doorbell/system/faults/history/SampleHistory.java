package dev.doorbell.system.faults.history;

import dev.doorbell.messages.Card;
import dev.doorbell.messages.CustomerNotRegistered;
import dev.doorbell.messages.CustomerPendingRegistration;
import dev.doorbell.messages.CustomerRegistered;
import dev.doorbell.messages.CustomerRegistrationDeadLock;
import dev.doorbell.messages.EventTypes;
import dev.doorbell.messages.MessageJson;
import dev.doorbell.messages.PaymentAuthorized;
import dev.doorbell.messages.PaymentNotAuthorized;
import dev.doorbell.messages.PaymentReversed;
import dev.doorbell.messages.Reasons;
import dev.doorbell.messages.Topics;
import dev.doorbell.outbox.UuidV7;
import dev.doorbell.system.faults.history.Evidence.CustomerRow;
import dev.doorbell.system.faults.history.Evidence.DeadLetterRow;
import dev.doorbell.system.faults.history.Evidence.IdentityRow;
import dev.doorbell.system.faults.history.Evidence.InboxRow;
import dev.doorbell.system.faults.history.Evidence.OutboxRow;
import dev.doorbell.system.faults.history.Evidence.ParkedKey;
import dev.doorbell.system.faults.history.Evidence.PaymentRow;
import dev.doorbell.system.faults.history.Evidence.Side;
import dev.doorbell.system.faults.history.Evidence.TopicRecord;
import dev.doorbell.system.faults.history.Evidence.User;
import dev.doorbell.system.faults.history.Evidence.VersionFile;
import dev.doorbell.system.faults.history.Expectations.Fault;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A small history in which nothing is wrong, of lists that a test may lie in: one registration of each kind, every one
 * with its events, records and inbox rows.
 */
final class SampleHistory {
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Instant BEGIN = Instant.parse("2026-05-01T12:00:00Z");
    static final User STRANGER = new User("stranger", "ida", null, true, "{username=ida, enabled=true}");
    private static final BigDecimal FEE = new BigDecimal("2.0000");

    final List<Call> calls = new ArrayList<>();
    final List<CustomerRow> customers = new ArrayList<>();
    final List<Instant> lags = new ArrayList<>(List.of(BEGIN));
    final List<PaymentRow> payments = new ArrayList<>();
    final List<VersionFile> versionFiles = new ArrayList<>();
    final SampleSide customerSide = new SampleSide(Rest.CUSTOMER_GROUP);
    final SampleSide paymentSide = new SampleSide(Rest.PAYMENT_GROUP);
    final List<TopicRecord> records = new ArrayList<>();
    final List<IdentityRow> identities = new ArrayList<>();
    final List<User> users = new ArrayList<>(List.of(STRANGER));
    /** Of the identity provider, as it was at the end of faults. */
    final List<Instant> returns = new ArrayList<>();

    Expectations expectations =
            Expectations.of(DEADLINE, new Minimum(1, 5, 2, 2, 1), List.of(new Fault("kill relay", true)));

    /** The tables of one database. */
    static final class SampleSide {
        final String consumer;
        final List<OutboxRow> outbox = new ArrayList<>();
        final List<InboxRow> inbox = new ArrayList<>();
        final List<DeadLetterRow> deadLetters = new ArrayList<>();
        final List<ParkedKey> parkedKeys = new ArrayList<>();

        SampleSide(String consumer) {
            this.consumer = consumer;
        }

        Side side() {
            return new Side(consumer, outbox, inbox, deadLetters, parkedKeys);
        }
    }

    /**
     * Call 1 registers; 2 has no balance; 3 an expired card; 4 and 5 come too late; 6, 7, 8 and 9 get no customer or answer;
     * 9 asks for a name that a stranger has.
     */
    static SampleHistory good() {
        SampleHistory history = new SampleHistory();
        history.registered(history.call(Outcome.OK, "ann"));
        history.refused(history.call(Outcome.OK, "bob"), "1.9999", "2099-12-31", Reasons.NO_BALANCE_LEFT);
        history.refused(history.call(Outcome.OK, "cid"), "100", "2020-01-31", Reasons.CARD_EXPIRED);
        history.reversed(history.call(Outcome.OK, "dot"));
        history.failedBeforeTheRequest(history.call(Outcome.OK, "eve"));
        history.call(Outcome.FAILED, "ann");
        history.call(Outcome.UNKNOWN, "fay");
        history.registered(history.call(Outcome.UNKNOWN, "gus"));
        history.identityRefused(history.call(Outcome.UNKNOWN, "ida"));
        history.repeatLastRecord();
        return history;
    }

    List<Violation> check() {
        Expectations.Identities provider = new Expectations.Identities(List.of(STRANGER), returns);
        return Invariants.check(evidence(), calls, expectations.withIdentities(Optional.of(provider)));
    }

    Evidence evidence() {
        return new Evidence(
                customers,
                lags,
                payments,
                versionFiles,
                customerSide.side(),
                paymentSide.side(),
                records,
                identities,
                users);
    }

    Call call(Outcome outcome, String username) {
        long number = calls.size() + 1;
        int status = outcome == Outcome.OK ? 202 : outcome == Outcome.FAILED ? 409 : 0;
        UUID id = outcome == Outcome.OK ? UuidV7.create() : null;
        Instant sentAt = BEGIN.plusSeconds(number);
        Call call = new Call(number, username, sentAt, sentAt.plusMillis(20), outcome, status, id);
        calls.add(call);
        return call;
    }

    private void registered(Call call) {
        UUID id = pending(call, "2.00", "2099-12-31");
        UUID payment = authorized(id);
        customerEvent(id, EventTypes.CUSTOMER_REGISTERED, new CustomerRegistered(id, call.username()));
        versionFiles.add(new VersionFile(id, BEGIN, null));
        payments.add(new PaymentRow(payment, id, "AUTHORIZED", null, FEE, BEGIN));
        customers.add(customer(call, id, "REGISTRATION_SUCCESS", null, "AUTHORIZED", payment));
        String userId = "user of " + call.username();
        identities.add(new IdentityRow(id, "ENABLED", userId));
        users.add(new User(userId, call.username(), id.toString(), true, "{}"));
    }

    private void refused(Call call, String balance, String validThru, String reason) {
        UUID id = pending(call, balance, validThru);
        UUID payment = notAuthorized(id, reason);
        customerEvent(id, EventTypes.CUSTOMER_NOT_REGISTERED, new CustomerNotRegistered(id, reason));
        versionFiles.add(new VersionFile(id, BEGIN, BEGIN));
        payments.add(new PaymentRow(payment, id, "REFUSED", reason, FEE, BEGIN));
        customers.add(customer(call, id, "REGISTRATION_FAILED", reason, "REFUSED", payment));
        identities.add(new IdentityRow(id, "REMOVED", null));
    }

    /** The reply came after the deadline. */
    private void reversed(Call call) {
        UUID id = pending(call, "100.00", "2099-12-31");
        UUID payment = authorized(id);
        deadlock(id);
        paymentEvent(payment, EventTypes.PAYMENT_REVERSED, new PaymentReversed(payment, id, FEE, "EUR"));
        String reason = Reasons.REGISTRATION_DEAD_LOCK_DETECTED;
        versionFiles.add(new VersionFile(id, BEGIN, BEGIN));
        payments.add(new PaymentRow(payment, id, "REVERSED", reason, FEE, BEGIN));
        customers.add(customer(call, id, "REGISTRATION_FAILED", reason, "AUTHORIZED", payment));
        identities.add(new IdentityRow(id, "REMOVED", null));
    }

    /** The name was a stranger's. */
    private void identityRefused(Call call) {
        String reason = Reasons.IDENTITY_REFUSED;
        UUID id = pending(call, "100.00", "2099-12-31");
        UUID payment = authorized(id);
        customerEvent(id, EventTypes.CUSTOMER_NOT_REGISTERED, new CustomerNotRegistered(id, reason));
        paymentEvent(payment, EventTypes.PAYMENT_REVERSED, new PaymentReversed(payment, id, FEE, "EUR"));
        versionFiles.add(new VersionFile(id, BEGIN, BEGIN));
        payments.add(new PaymentRow(payment, id, "REVERSED", reason, FEE, BEGIN));
        customers.add(customer(call, id, "REGISTRATION_FAILED", reason, "AUTHORIZED", payment));
        identities.add(new IdentityRow(id, "REFUSED", null));
    }

    /** The request came after the deadline. */
    private void failedBeforeTheRequest(Call call) {
        UUID id = pending(call, "100.00", "2099-12-31");
        deadlock(id);
        String refusal = Reasons.REGISTRATION_ALREADY_FAILED;
        UUID payment = notAuthorized(id, refusal);
        versionFiles.add(new VersionFile(id, BEGIN, BEGIN));
        payments.add(new PaymentRow(payment, id, "REFUSED", refusal, FEE, BEGIN));
        String reason = Reasons.REGISTRATION_DEAD_LOCK_DETECTED;
        customers.add(customer(call, id, "REGISTRATION_FAILED", reason, "REFUSED", payment));
        identities.add(new IdentityRow(id, "REMOVED", null));
    }

    private UUID pending(Call call, String balance, String validThru) {
        UUID id = call.id() == null ? UuidV7.create() : call.id();
        Card card = new Card("VISA", "************1111", "Ada", LocalDate.parse(validThru), new BigDecimal(balance));
        customerEvent(
                id,
                EventTypes.CUSTOMER_PENDING_REGISTRATION,
                new CustomerPendingRegistration(id, "Ada", call.lastName(), card));
        return id;
    }

    private void deadlock(UUID id) {
        String reason = Reasons.REGISTRATION_DEAD_LOCK_DETECTED;
        customerEvent(id, EventTypes.CUSTOMER_NOT_REGISTERED, new CustomerNotRegistered(id, reason));
        customerEvent(id, EventTypes.CUSTOMER_REGISTRATION_DEAD_LOCK, new CustomerRegistrationDeadLock(id));
    }

    private UUID authorized(UUID customerId) {
        UUID id = UuidV7.create();
        paymentEvent(id, EventTypes.PAYMENT_AUTHORIZED, new PaymentAuthorized(id, customerId, FEE, "EUR"));
        return id;
    }

    private UUID notAuthorized(UUID customerId, String reason) {
        UUID id = UuidV7.create();
        paymentEvent(id, EventTypes.PAYMENT_NOT_AUTHORIZED, new PaymentNotAuthorized(id, customerId, reason));
        return id;
    }

    private static CustomerRow customer(
            Call call, UUID id, String status, String reason, String outcome, UUID paymentId) {
        Instant settledAt = call.sentAt().plusSeconds(15);
        Instant releasedAt = reason == null ? null : settledAt;
        return new CustomerRow(
                id,
                call.lastName(),
                call.username(),
                releasedAt,
                status,
                reason,
                outcome,
                paymentId,
                reason == null ? "PROVISIONED" : Reasons.IDENTITY_REFUSED.equals(reason) ? "REFUSED" : null,
                call.sentAt(),
                settledAt);
    }

    private void customerEvent(UUID id, String type, Record message) {
        event(customerSide, paymentSide, Topics.CUSTOMER, id.toString(), type, message);
    }

    private void paymentEvent(UUID id, String type, Record message) {
        event(paymentSide, customerSide, Topics.PAYMENT, id.toString(), type, message);
    }

    private void event(SampleSide from, SampleSide to, String topic, String key, String type, Record message) {
        String payload = Rows.text(MessageJson.encode(message));
        OutboxRow row = new OutboxRow(from.outbox.size() + 1L, UuidV7.create(), key, type, topic, payload);
        append(from, row);
        publish(row);
        for (SampleSide side :
                type.equals(EventTypes.CUSTOMER_PENDING_REGISTRATION) ? List.of(from, to) : List.of(to)) {
            if (ConsumedIsInTheInbox.HANDLED_WITH_USERS.get(side.consumer).contains(type)) {
                side.inbox.add(new InboxRow(side.consumer, row.eventId()));
            }
        }
    }

    void append(SampleSide side, OutboxRow row) {
        side.outbox.add(row);
    }

    void publish(OutboxRow row) {
        records.add(new TopicRecord(
                row.topic(),
                0,
                records.size(),
                row.aggregateId(),
                row.eventId(),
                row.type(),
                "/source",
                row.seq(),
                row.payload()));
    }

    /** As after a crash of the relay. */
    private void repeatLastRecord() {
        TopicRecord last = records.get(records.size() - 1);
        records.add(Altered.with(last, "offset", (long) records.size()));
    }
}
