package io.weir.test;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;

import static org.assertj.core.api.Assertions.assertThat;

@EmbeddedWeir
class SharedBrokerTest {

	@BeforeAll
	static void publish(WeirTestBroker broker) {
		broker.publish("orders", "zero");
	}

	@RepeatedTest(2)
	void testsShareTheBrokerOfTheirClass(WeirTestBroker broker) {
		broker.publish("orders", "one more");
		assertThat(broker).topic("orders").contains("zero", "one more");
	}

	@AfterAll
	static void look(WeirTestBroker broker) {
		assertThat(broker).topic("orders").containsExactly("zero", "one more", "one more");
	}

}
