package io.weir.broker;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;

import org.jspecify.annotations.Nullable;

import io.weir.broker.engine.runtime.EngineClock;
import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorizer;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;

/**
 * How a broker was configured.
 *
 * @param name what it calls itself
 * @param bindAddress where it listens
 * @param port the UDP port, or 0
 * @param dataDirectory where data is kept, or {@code null}
 * @param storage what keeps the data instead, or {@code null}
 * @param salvage whether to give up what is damaged there
 * @param durability what a receipt means
 * @param maxMessageSize the most bytes of one batch
 * @param limits how much clients may take
 * @param topicDefaults what becomes of messages unless somebody says it of their topic
 * @param storageMinFree how many bytes must stay free on the data directory's volume, or
 * {@code null} for the default
 * @param errors is told of errors after which the JVM may be unsound
 * @param certificate the certificate, or {@code null} for a self-signed one
 * @param authenticator finds out who clients are, or {@code null} for loopback only
 * @param authorizer decides what clients may do
 * @param carrier what carries connections
 * @param clock what time it is
 * @param ticker how long something takes, in nanoseconds
 */
record BrokerSettings(String name, String bindAddress, int port, @Nullable Path dataDirectory,
		@Nullable StorageEngine storage, boolean salvage, Durability durability, int maxMessageSize,
		BrokerLimits limits, PolicyDefaults topicDefaults, @Nullable Long storageMinFree, Consumer<Error> errors,
		@Nullable Supplier<KeyManagerFactory> certificate, @Nullable Authenticator authenticator, Authorizer authorizer,
		Carrier carrier, InstantSource clock, LongSupplier ticker) {

	EngineClock engineClock() {
		return EngineClock.of(this.clock::millis, this.ticker);
	}

	BrokerSecurity security() {
		return new BrokerSecurity((this.authenticator != null) ? this.authenticator : Authenticator.none(),
				this.authorizer);
	}

}
