package io.weir.spring.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.core.annotation.Order;

import io.weir.client.Ordering;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirTemplate;
import io.weir.spring.fake.FakeProducer;

import static org.assertj.core.api.Assertions.assertThat;

/** What properties and beans say of the template. */
class TemplateBeanTests extends AutoConfigurationFixture {

	@WeirMessage(topic = "${prefix}.refunds", key = "#{id}")
	record Refund(String id) {
	}

	private FakeProducer<Object> producer() {
		return this.client.producers.get(this.client.producers.size() - 1);
	}

	@Test
	void templateUsesTheSettingsOfTheProducerThatIsConfiguredForItsTopic() {
		this.fake
			.withPropertyValues("weir.producer.max-pending=5", "weir.producers.audit.topic=orders",
					"weir.producers.audit.type=java.lang.String", "weir.producers.audit.name=shop",
					"weir.producers.audit.ordering=key-ordered", "weir.producers.audit.lanes=7")
			.run((context) -> {
				WeirTemplate template = context.getBean(WeirTemplate.class);
				template.send("orders", "value");
				assertThat(producer().settings).containsEntry("ordering", Ordering.KEY_ORDERED)
					.containsEntry("lanes", 7)
					.containsEntry("maxPending", 5)
					.containsEntry("shareStreams", true)
					.doesNotContainKeys("name", "accessMode");
				template.send("others", "value");
				assertThat(producer().settings).containsEntry("ordering", Ordering.ORDERED);
			});
	}

	@Test
	void templateUsesTheDefaultsWhereSeveralProducersAreConfiguredForItsTopic() {
		this.fake
			.withPropertyValues("weir.producers.one.topic=orders", "weir.producers.one.type=java.lang.String",
					"weir.producers.one.ordering=key-ordered", "weir.producers.two.topic=orders",
					"weir.producers.two.type=java.lang.String", "weir.producers.two.ordering=unordered")
			.run((context) -> {
				context.getBean(WeirTemplate.class).send("orders", "value");
				assertThat(producer().settings).containsEntry("topic", "orders")
					.containsEntry("ordering", Ordering.ORDERED);
			});
	}

	@Test
	void messagesGoToTheTopicOfTheirTypeOrTheDefaultTopic() {
		this.fake.withPropertyValues("weir.template.default-topic=rest", "prefix=shop").run((context) -> {
			WeirTemplate template = context.getBean(WeirTemplate.class);
			template.send(new Refund("r"));
			assertThat(producer().topic()).isEqualTo("shop.refunds");
			assertThat(producer().sent.get(0).key()).isEqualTo("r");
			template.send((Object) "text");
			assertThat(producer().topic()).isEqualTo("rest");
		});
	}

	@Test
	void interceptorsAreAskedInOrder() {
		this.fake.withBean("second", ProducerInterceptor.class, Second::new)
			.withBean("first", ProducerInterceptor.class, First::new)
			.run((context) -> {
				context.getBean(WeirTemplate.class).send("orders", "value");
				assertThat(producer().sent.get(0).headers()).isEqualTo(Map.of("by", "first second"));
			});
	}

	@Order(1)
	private static final class First implements ProducerInterceptor {

		@Override
		public void beforeSend(io.weir.spring.OutgoingMessage message) {
			message.header("by", "first");
		}

	}

	@Order(2)
	private static final class Second implements ProducerInterceptor {

		@Override
		public void beforeSend(io.weir.spring.OutgoingMessage message) {
			message.header("by", message.headers().get("by") + " second");
		}

	}

}
