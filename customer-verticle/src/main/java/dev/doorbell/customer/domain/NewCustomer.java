package dev.doorbell.customer.domain;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A valid request to register. The CVV was checked and is gone: nothing here or behind it holds one.
 *
 * @param balance input of the test card processor, 0 or more, at most 4 decimals
 * @param traceparent W3C trace context of the request, or null
 */
public record NewCustomer(
        String firstName,
        String lastName,
        Username username,
        CardNumber cardNumber,
        String cardHolderName,
        LocalDate cardValidThru,
        BigDecimal balance,
        String traceparent) {}
