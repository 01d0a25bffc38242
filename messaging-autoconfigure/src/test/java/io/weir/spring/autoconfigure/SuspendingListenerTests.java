package io.weir.spring.autoconfigure;

import java.util.List;

import kotlin.Unit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import io.weir.message.Headers;
import io.weir.message.MessageId;
import io.weir.spring.fake.FakeProducer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Listeners that are {@code suspend} functions of Kotlin. */
class SuspendingListenerTests extends ListenerMethodsFixture {

	@Test
	void messageOfASuspendFunctionIsAcknowledgedWhenItHasEndedAndItsValueIsPublished() {
		run(SuspendingListeners.class, (context) -> {
			MessageId id = deliver("suspending", "a");
			assertThat(consumer("suspending").acknowledged).isEmpty();
			context.getBean(SuspendingListeners.class).getGo().complete(Unit.INSTANCE);
			await().untilAsserted(() -> assertThat(consumer("suspending").acknowledged).containsExactly(id));
			assertThat(this.client.producers).extracting(FakeProducer::topic).containsExactly("out");
			assertThat(this.client.producers.get(0).payloads()).containsExactly("a of suspending");
		});
	}

	@Test
	void suspendFunctionThatFailsHasItsMessageDeliveredAgain() {
		run(SuspendingListeners.class, (context) -> {
			MessageId bad = deliver("unit", "poison");
			MessageId good = deliver("unit", "a");
			await().untilAsserted(() -> assertThat(consumer("unit").acknowledged).containsExactly(good));
			await().untilAsserted(() -> assertThat(consumer("unit").negativelyAcknowledged).contains(bad));
		});
	}

	@Test
	void messageThatDeletesItsKeyIsNullForANullableTypeAndAFailureForAnother() {
		run(TombstoneListeners.class, (context) -> {
			for (String topic : List.of("nullable", "suspending", "required")) {
				this.client.publish(topic, "", "k", Headers.empty());
			}
			TombstoneListeners listeners = context.getBean(TombstoneListeners.class);
			await().untilAsserted(
					() -> assertThat(listeners.getHeard()).containsExactlyInAnyOrder("null of k", "suspending null"));
			await().untilAsserted(() -> assertThat(consumer("required").givenUp.values()).singleElement()
				.asInstanceOf(InstanceOfAssertFactories.THROWABLE)
				.hasMessageContainingAll("deletes the key", "nullable type of Kotlin"));
		});
	}

	@Test
	void elementsOfAFlowArePublished() {
		run(SuspendingListeners.class, (context) -> {
			MessageId id = deliver("flow", "a");
			await().untilAsserted(() -> assertThat(consumer("flow").acknowledged).containsExactly(id));
			assertThat(this.client.producers.get(0).payloads()).containsExactly("a", "a");
		});
	}

}
