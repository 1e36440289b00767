package dev.doorbell.payment.domain;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides by what the request says: a card is good through its last day (in UTC), and its balance must cover the fee.
 * It moves no money and remembers nothing, so repeating a call repeats its answer.
 */
public final class TestCardProcessor implements CardProcessor {
    private final Clock clock;

    public TestCardProcessor(Clock clock) {
        this.clock = clock;
    }

    @Override
    public CompletionStage<Decision> authorize(Request request) {
        return CompletableFuture.completedFuture(decide(request));
    }

    @Override
    public CompletionStage<Void> reverse(UUID customerId, Money fee) {
        return CompletableFuture.completedFuture(null);
    }

    private Decision decide(Request request) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (request.validThru().isBefore(today)) {
            // Before the balance: an expired card pays nothing, whatever is left on it.
            return Decision.refused(Refusal.CARD_EXPIRED);
        }
        boolean covered = request.balance().compareTo(request.fee().amount()) >= 0;
        return covered ? Decision.APPROVED : Decision.refused(Refusal.NO_BALANCE_LEFT);
    }
}
