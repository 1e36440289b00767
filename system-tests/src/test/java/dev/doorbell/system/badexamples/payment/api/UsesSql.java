package dev.doorbell.system.badexamples.payment.api;

import dev.doorbell.system.badexamples.payment.store.PaymentSql;

public class UsesSql {
    PaymentSql dependency;
}
