package dev.doorbell.payment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestCardProcessorTest {
    private static final Money FEE = new Money(new BigDecimal("2.00"), Currency.getInstance("EUR"));
    /** Already the next day in the clock's own zone: the answer must be UTC's. */
    private static final Clock LAST_SECOND_OF_JUNE =
            Clock.fixed(Instant.parse("2026-06-30T23:59:59Z"), ZoneId.of("Asia/Tokyo"));

    private final TestCardProcessor processor = new TestCardProcessor(LAST_SECOND_OF_JUNE);

    @ParameterizedTest
    @CsvSource(
            nullValues = "approved",
            value = {
                "2026-12-31, 100,     approved",
                "2026-12-31, 2.00,    approved",
                "2026-12-31, 2,       approved",
                "2026-12-31, 2.0001,  approved",
                "2026-12-31, 1.9999,  NO_BALANCE_LEFT",
                "2026-12-31, 0,       NO_BALANCE_LEFT",
                "2026-12-31, -5,      NO_BALANCE_LEFT",
                "2026-06-30, 2.00,    approved",
                "2026-06-29, 2.00,    CARD_EXPIRED",
                "2026-06-29, 0,       CARD_EXPIRED",
                "1999-01-31, 1E9,     CARD_EXPIRED"
            })
    void decidesByDateAndBalance(LocalDate validThru, BigDecimal balance, Refusal refusal) throws Exception {
        Payer payer = new Payer("Ada Sample", "**** 1111", "VISA");
        CardProcessor.Request request = new CardProcessor.Request(UUID.randomUUID(), payer, validThru, balance, FEE);

        CardProcessor.Decision decision =
                processor.authorize(request).toCompletableFuture().get();

        assertThat(decision.refusal()).isEqualTo(refusal);
        assertThat(decision.approved()).isEqualTo(refusal == null);
    }
}
