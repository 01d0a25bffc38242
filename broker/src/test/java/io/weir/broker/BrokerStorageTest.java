package io.weir.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.store.Durability;
import io.weir.broker.store.StorageStatus.State;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.message.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A broker over a storage engine that it is given. */
class BrokerStorageTest {

	private final MemoryStorageEngine engine = new MemoryStorageEngine();

	@AfterEach
	void closeEngine() {
		this.engine.close();
	}

	@Test
	void brokerMustKeepItsDataInTheEngineAndLeaveItOpen() {
		Broker broker = Broker.builder().port(0).storage(this.engine).build();
		try (Broker first = broker.start(); RawClient client = RawClient.connect(first)) {
			client.openProducer(1, "orders", "p", -1);
			client.publish(1, 0, "a", "b");
			assertThat(first.storage().status().state()).isEqualTo(State.SERVING);
		}
		assertThat(this.engine.topics()).containsExactly(new Topic("orders"));
		try (Broker second = broker.start(); RawClient client = RawClient.connect(second)) {
			client.subscribe(1, "orders", "s", 10);
			assertThat(client.receive(2)).containsExactly("a", "b");
		}
	}

	@Test
	void settingsThatAreTheEnginesMustBeRefused() {
		List<UnaryOperator<BrokerBuilder>> settings = List.of((builder) -> builder.durability(Durability.FSYNC),
				(builder) -> builder.salvage(true), (builder) -> builder.storageMinFree(1));
		assertThat(settings).allSatisfy((setting) -> assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> setting.apply(Broker.builder().storage(this.engine)).build())
			.withMessageContaining("they are the engine's"));
		assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> Broker.builder().storage(null))
			.withMessage("engine");
		assertThat(Broker.builder().storage(this.engine).dataDirectory(Path.of("elsewhere")).build().isRunning())
			.isFalse();
	}

}
