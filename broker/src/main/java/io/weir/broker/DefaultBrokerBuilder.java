package io.weir.broker;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;

import org.jspecify.annotations.Nullable;

import io.weir.broker.policy.PolicyDefaults;
import io.weir.broker.policy.TopicDefaults;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorizer;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageEngine;
import io.weir.wire.Limits;

/** Checks and collects the settings. */
final class DefaultBrokerBuilder implements BrokerBuilder {

	private static final int MAX_PORT = 65535;

	private static final int MIN_MESSAGE_SIZE = 1024;

	private String name = "weir";

	private String bindAddress = "127.0.0.1";

	private int port = Limits.DEFAULT_PORT;

	private @Nullable Path dataDirectory;

	private @Nullable StorageEngine storage;

	private boolean salvage;

	private @Nullable Durability durability;

	private int maxMessageSize = Limits.DEFAULT_MAX_MESSAGE_SIZE;

	private BrokerLimits limits = BrokerLimits.defaults();

	private PolicyDefaults topicDefaults = PolicyDefaults.none();

	private @Nullable Long storageMinFree;

	private Consumer<Error> errors = (error) -> {
	};

	private @Nullable Supplier<KeyManagerFactory> certificate;

	private @Nullable Authenticator authenticator;

	private Authorizer authorizer = Authorizer.permitAll();

	private Carrier carrier = Carrier.QUIC;

	private InstantSource clock = InstantSource.system();

	private LongSupplier ticker = System::nanoTime;

	@Override
	public BrokerBuilder port(int port) {
		if (port < 0 || port > MAX_PORT) {
			throw new IllegalArgumentException(
					"The port must be from 0 (any free one) to " + MAX_PORT + ", was " + port);
		}
		this.port = port;
		return this;
	}

	@Override
	public BrokerBuilder inProcess() {
		this.carrier = Carrier.IN_PROCESS;
		this.port = 0;
		return this;
	}

	@Override
	public BrokerBuilder bindAddress(String address) {
		if (address.isBlank()) {
			throw new IllegalArgumentException(
					"The bind address must be a host name or an address, such as 127.0.0.1 or 0.0.0.0, was blank");
		}
		this.bindAddress = address;
		return this;
	}

	@Override
	public BrokerBuilder dataDirectory(Path directory) {
		Objects.requireNonNull(directory, "directory");
		this.dataDirectory = directory;
		return this;
	}

	@Override
	public BrokerBuilder salvage(boolean salvage) {
		this.salvage = salvage;
		return this;
	}

	@Override
	public BrokerBuilder durability(Durability durability) {
		Objects.requireNonNull(durability, "durability");
		this.durability = durability;
		return this;
	}

	@Override
	public BrokerBuilder certificate(Supplier<KeyManagerFactory> certificate) {
		Objects.requireNonNull(certificate, "certificate");
		this.certificate = certificate;
		return this;
	}

	@Override
	public BrokerBuilder authenticator(Authenticator authenticator) {
		Objects.requireNonNull(authenticator, "authenticator");
		this.authenticator = authenticator;
		return this;
	}

	@Override
	public BrokerBuilder authorizer(Authorizer authorizer) {
		Objects.requireNonNull(authorizer, "authorizer");
		this.authorizer = authorizer;
		return this;
	}

	@Override
	public BrokerBuilder storage(StorageEngine engine) {
		Objects.requireNonNull(engine, "engine");
		this.storage = engine;
		return this;
	}

	@Override
	public BrokerBuilder name(String name) {
		if (name.isBlank() || name.length() > Limits.MAX_NAME_BYTES / 4) {
			throw new IllegalArgumentException("The broker's name must have from 1 to " + Limits.MAX_NAME_BYTES / 4
					+ " characters, was '" + name + "'");
		}
		this.name = name;
		return this;
	}

	@Override
	public BrokerBuilder maxMessageSize(int bytes) {
		if (bytes < MIN_MESSAGE_SIZE || bytes > Limits.MAX_MESSAGE_SIZE) {
			throw new IllegalArgumentException("The maximum message size must be from " + MIN_MESSAGE_SIZE + " to "
					+ Limits.MAX_MESSAGE_SIZE + " bytes, was " + bytes);
		}
		this.maxMessageSize = bytes;
		return this;
	}

	@Override
	public BrokerBuilder limits(BrokerLimits limits) {
		Objects.requireNonNull(limits, "limits");
		this.limits = limits;
		return this;
	}

	@Override
	public BrokerBuilder topicDefaults(List<TopicDefaults> defaults) {
		Objects.requireNonNull(defaults, "defaults");
		this.topicDefaults = new PolicyDefaults(defaults);
		return this;
	}

	@Override
	public BrokerBuilder storageMinFree(long bytes) {
		if (bytes < 0) {
			throw new IllegalArgumentException(
					"What must stay free for the store must be 0 (no limit) or more bytes, was " + bytes);
		}
		this.storageMinFree = bytes;
		return this;
	}

	@Override
	public BrokerBuilder onError(Consumer<Error> listener) {
		Objects.requireNonNull(listener, "listener");
		this.errors = listener;
		return this;
	}

	@Override
	public BrokerBuilder clock(InstantSource clock) {
		Objects.requireNonNull(clock, "clock");
		this.clock = clock;
		return this;
	}

	@Override
	public BrokerBuilder ticker(LongSupplier nanoseconds) {
		Objects.requireNonNull(nanoseconds, "nanoseconds");
		this.ticker = nanoseconds;
		return this;
	}

	/** Sets what carries connections, for tests that want no network. */
	DefaultBrokerBuilder carrier(Carrier carrier) {
		this.carrier = carrier;
		return this;
	}

	@Override
	public Broker build() {
		return new DefaultBroker(new BrokerSettings(this.name, this.bindAddress, this.port, this.dataDirectory,
				this.storage, this.salvage, checkedDurability(), this.maxMessageSize, this.limits, this.topicDefaults,
				this.storageMinFree, this.errors, this.certificate, this.authenticator, this.authorizer, this.carrier,
				this.clock, this.ticker));
	}

	private Durability checkedDurability() {
		if (this.storage != null) {
			if (this.durability != null || this.salvage || this.storageMinFree != null) {
				throw new IllegalArgumentException("Durability, salvage and storageMinFree are for a data directory; "
						+ "with a storage engine they are the engine's, so leave them out");
			}
			return this.storage.durability();
		}
		boolean inMemory = this.dataDirectory == null;
		Durability effective = this.durability;
		if (effective == null) {
			effective = inMemory ? Durability.MEMORY : Durability.FSYNC;
		}
		if (inMemory && effective != Durability.MEMORY) {
			throw new IllegalArgumentException(
					"Durability " + effective + " needs a data directory; without one only MEMORY is possible");
		}
		if (!inMemory && effective == Durability.MEMORY) {
			throw new IllegalArgumentException("Durability MEMORY keeps nothing in the data directory "
					+ this.dataDirectory + "; choose OS or FSYNC, or leave the directory out");
		}
		return effective;
	}

}
