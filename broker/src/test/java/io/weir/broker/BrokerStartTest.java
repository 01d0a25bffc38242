package io.weir.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.weir.broker.security.Authenticator;
import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageProvider;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.fixtures.ServerPorts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a broker says when it starts, or why it does not. */
class BrokerStartTest {

	private final List<Broker> started = new ArrayList<>();

	@AfterEach
	void closeAll() {
		this.started.forEach(Broker::close);
	}

	@Test
	void portInUseMustBeSaidWithWhatToDo() {
		Broker first = start(Broker.builder().port(ServerPorts.free()));
		Broker second = Broker.builder().port(first.address().getPort()).build();
		assertThatExceptionOfType(BrokerException.class).isThrownBy(second::start)
			.withMessage("Port %d/udp on 127.0.0.1 is in use; stop what uses it (perhaps another broker), "
					+ "or configure another port, 0 for any free one", first.address().getPort());
		assertThat(second.isRunning()).isFalse();
		first.close();
		this.started.add(second.start());
		assertThat(second.isRunning()).isTrue();
	}

	@Test
	void addressOfAnotherMachineMustBeSaid() {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> Broker.builder()
				.port(0)
				.bindAddress("192.0.2.1")
				.authenticator(Authenticator.none())
				.build()
				.start())
			.withMessageContaining("0/udp on 192.0.2.1")
			.withMessageContaining("not one of this machine");
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> Broker.builder().port(0).bindAddress("no.such.host.invalid").build().start())
			.withMessageContaining("'no.such.host.invalid' cannot be resolved");
	}

	@Test
	void brokerThatOthersCanReachMustNotTakeAnybodyUnlessTold() {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> Broker.builder().port(0).bindAddress("0.0.0.0").build().start())
			.withMessageContaining("On 0.0.0.0 the broker would take anybody")
			.satisfies((refused) -> assertThat(refused.setting()).isEqualTo("authentication"));
		Broker open = Broker.builder().port(0).bindAddress("0.0.0.0").authenticator(Authenticator.none()).build();
		this.started.add(open.start());
		assertThat(open.isRunning()).isTrue();
	}

	@Test
	void dataDirectoryWithoutAStorageEngineMustBeSaidWithWhatToAdd(@TempDir Path data) {
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> Broker.builder().port(0).dataDirectory(data).build().start())
			.withMessageContaining(data.toString())
			.withMessageContaining("io.weir:messaging-broker-rocksdb")
			.satisfies((missing) -> assertThat(missing.setting()).isEqualTo("dataDirectory"));
	}

	@Test
	void severalStorageEnginesMustBeRefused(@TempDir Path data) {
		StorageProvider one = (settings) -> new MemoryStorageEngine();
		StorageProvider other = (settings) -> new MemoryStorageEngine();
		assertThat(DirectoryStorage.only(data, List.of(one))).isSameAs(one);
		assertThatExceptionOfType(BrokerException.class)
			.isThrownBy(() -> DirectoryStorage.only(data, List.of(one, other)))
			.withMessageContaining(one.getClass().getName())
			.withMessageContaining("BrokerBuilder.storage");
	}

	@Test
	void contradictingSettingsMustBeRefused(@TempDir Path data) {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Broker.builder().durability(Durability.FSYNC).build())
			.withMessageContaining("needs a data directory");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Broker.builder().durability(Durability.MEMORY).dataDirectory(data).build())
			.withMessageContaining("OS or FSYNC");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Broker.builder().port(70000))
			.withMessageContaining("65535");
	}

	@Test
	void serviceUrlMustHaveThePortReallyBound() {
		Broker broker = start(Broker.builder().port(0));
		assertThat(broker.serviceUrl()).isEqualTo("weir://127.0.0.1:" + broker.address().getPort());
		assertThat(broker.isSelfSigned()).isTrue();
		assertThat(broker.certificateFingerprint()).hasSize(64);
		broker.close();
		broker.close();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(broker::serviceUrl);
		assertThat(broker.stats().connections()).isZero();
		assertThat(broker.topics()).isEmpty();
	}

	private Broker start(BrokerBuilder builder) {
		Broker broker = builder.build().start();
		this.started.add(broker);
		return broker;
	}

}
