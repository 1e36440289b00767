package dev.doorbell.payment;

import dev.doorbell.payment.domain.Money;
import dev.doorbell.payment.domain.Payee;
import dev.doorbell.payment.domain.Payer;
import dev.doorbell.payment.domain.TestCardProcessor;
import dev.doorbell.payment.usecase.AuthorizeFee;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.UUID;

/** What the tests pay with. */
public final class Samples {
    public static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-30T12:00:00Z"), ZoneOffset.UTC);
    public static final Money FEE = new Money(new BigDecimal("2.00"), Currency.getInstance("EUR"));
    public static final Payee PAYEE = new Payee("Doorbell GmbH", "DE02120300000000202051", "Sample Bank");
    public static final Payer PAYER = new Payer("Ada Sample", "**** **** **** 1111", "VISA");
    public static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private Samples() {}

    public static AuthorizeFee authorizeFee() {
        return new AuthorizeFee(new TestCardProcessor(CLOCK), FEE, PAYEE, CLOCK);
    }

    public static AuthorizeFee.Command request(UUID customerId, String balance) {
        return new AuthorizeFee.Command(
                customerId, PAYER, LocalDate.parse("2027-01-31"), new BigDecimal(balance), TRACEPARENT);
    }
}
