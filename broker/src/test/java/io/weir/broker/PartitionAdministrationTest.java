package io.weir.broker;

import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.policy.SubscriptionPolicies;
import io.weir.broker.policy.TopicPolicies;
import io.weir.broker.store.memory.MemoryStorageEngine;
import io.weir.transport.memory.MemoryNetwork;
import io.weir.wire.ErrorCode;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PartitionAdministrationTest {

	private final MemoryStorageEngine store = new MemoryStorageEngine();

	private final Broker broker = MemoryBrokers.on(new MemoryNetwork()).storage(this.store).build();

	@BeforeEach
	void start() {
		this.broker.start();
	}

	@AfterEach
	void stop() {
		this.broker.close();
		this.store.close();
	}

	@Test
	void numberCanBeRaisedAndIsKept() {
		assertThat(this.broker.partitions("shop/orders")).isEqualTo(1);
		this.broker.partitions("shop/orders", 1);
		this.broker.partitions("shop/orders", 3);
		this.broker.partitions("shop/orders", 3);
		this.broker.partitions("shop/orders", 7);
		assertThat(this.broker.partitions("shop/orders")).isEqualTo(7);
		assertThat(this.broker.partitions("shop")).isEqualTo(1);
	}

	@Test
	void numberIsKnownAgainAfterARestart() {
		this.broker.partitions("shop/orders", 3);
		this.broker.close();
		this.broker.start();
		assertThat(this.broker.partitions("shop/orders")).isEqualTo(3);
	}

	@Test
	void numberThatAnotherBrokerStoresIsNoticed() {
		try (Broker other = MemoryBrokers.on(new MemoryNetwork()).storage(this.store).build().start()) {
			other.partitions("orders", 5);
			assertThat(this.broker.partitions("orders")).isEqualTo(5);
		}
	}

	@Test
	void fewerPartitionsAreRefused() {
		this.broker.partitions("orders", 3);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.broker.partitions("orders", 2))
			.withMessage("Topic 'orders' has 3 partitions; it can be given more, but not fewer, and 2 was asked for")
			.extracting(ProtocolException::code)
			.isEqualTo(ErrorCode.INVALID_REQUEST);
		assertThat(this.broker.partitions("orders")).isEqualTo(3);
	}

	@Test
	void nameOfAPartitionIsNoneThatAnAdministratorGives() {
		TopicPolicies policies = TopicPolicies.none();
		SubscriptionPolicies subscription = SubscriptionPolicies.none();
		for (ThrowingCallable use : List.<ThrowingCallable>of(() -> this.broker.createTopic("orders#2"),
				() -> this.broker.deleteTopic("orders#2", true), () -> this.broker.policies("orders#2"),
				() -> this.broker.setPolicies("orders#2", policies), () -> this.broker.policies("orders#2", "s"),
				() -> this.broker.setPolicies("orders#2", "s", subscription))) {
			assertThatIllegalArgumentException().isThrownBy(use)
				.withMessageContaining("it is that of partition 2 of topic 'orders', which is used by its own name");
		}
		assertThat(this.store.topics()).isEmpty();
	}

	@Test
	void numberAndNameThatAreNotAllowedAreRefused() {
		for (int count : new int[] { 0, -1, 1025 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.broker.partitions("orders", count))
				.withMessage("The number of partitions must be from 1 to 1024, was " + count);
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.broker.partitions("orders#1", 2))
			.withMessageContaining("it is that of partition 1 of topic 'orders'");
	}

}
