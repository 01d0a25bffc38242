package io.weir.test;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import io.weir.broker.BrokerBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Brokers that JUnit gives to tests, without Spring. */
@EmbeddedWeir(settings = EmbeddedWeirTest.SmallMessages.class)
class EmbeddedWeirTest {

	private static final Set<WeirTestBroker> SEEN = ConcurrentHashMap.newKeySet();

	private WeirTestBroker beforeEach;

	@BeforeEach
	void remember(WeirTestBroker broker) {
		this.beforeEach = broker;
	}

	@RepeatedTest(4)
	@Execution(ExecutionMode.CONCURRENT)
	void eachTestHasABrokerOfItsOwnWhichIsTheOneOfItsSetUp(WeirTestBroker broker) {
		assertThat(broker).isSameAs(this.beforeEach);
		assertThat(SEEN.add(broker)).isTrue();
		broker.publish("orders", "one");
		assertThat(broker).topic("orders").containsExactly("one");
	}

	@Test
	void brokerHasTheSettingsOfTheAnnotation(WeirTestBroker broker) {
		assertThatThrownBy(() -> broker.publish("orders", "x".repeat(2000))).hasMessageContaining("1024");
	}

	@Nested
	class Inner {

		@Test
		void innerClassesHaveBrokersAsWell(WeirTestBroker broker) {
			assertThat(broker).isSameAs(EmbeddedWeirTest.this.beforeEach);
			assertThatThrownBy(() -> broker.publish("orders", "x".repeat(2000))).hasMessageContaining("1024");
		}

	}

	static final class SmallMessages implements Consumer<BrokerBuilder> {

		@Override
		public void accept(BrokerBuilder builder) {
			builder.maxMessageSize(1024);
		}

	}

}
