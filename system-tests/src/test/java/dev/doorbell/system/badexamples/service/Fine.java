package dev.doorbell.system.badexamples.service;

public class Fine {}
