package dev.doorbell.system.badexamples.payment;

public class Fine {}
