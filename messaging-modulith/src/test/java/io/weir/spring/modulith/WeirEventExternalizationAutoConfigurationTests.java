package io.weir.spring.modulith;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.ExternalizationMode;
import org.springframework.modulith.events.Externalized;
import org.springframework.modulith.events.config.EventExternalizationAutoConfiguration;
import org.springframework.modulith.events.support.EventExternalizationTransport;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;

import io.weir.message.Message;
import io.weir.spring.WeirHeaders;
import io.weir.spring.autoconfigure.WeirAutoConfiguration;
import io.weir.test.EmbeddedWeir;
import io.weir.test.WeirTestBroker;

import static org.assertj.core.api.Assertions.assertThat;

@EmbeddedWeir
class WeirEventExternalizationAutoConfigurationTests {

	private static final EventExternalizationConfiguration.Router EVENTS = EventExternalizationConfiguration
		.externalizing()
		.select(EventExternalizationConfiguration.annotatedAsExternalized());

	private static ApplicationContextRunner application(WeirTestBroker broker,
			EventExternalizationConfiguration events) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirAutoConfiguration.class,
					EventExternalizationAutoConfiguration.class, WeirEventExternalizationAutoConfiguration.class))
			.withBean(EventExternalizationConfiguration.class, () -> events)
			.withBean("shops", String.class, () -> "north")
			.withPropertyValues("weir.client.service-url=" + broker.serviceUrl());
	}

	private static Message<String> published(WeirTestBroker broker, EventExternalizationConfiguration events,
			Object event, String topic) {
		application(broker, events)
			.run((context) -> context.getBean(EventExternalizerModuleListener.class).externalize(event).join());
		return broker.messages(topic).get(0);
	}

	@Test
	void eventsAreExternalizedUnlessThatIsTurnedOff(WeirTestBroker broker) {
		ApplicationContextRunner application = application(broker, EVENTS.build());
		application.run((context) -> assertThat(context).hasSingleBean(EventExternalizerModuleListener.class));
		application.withPropertyValues("spring.modulith.events.externalization.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventExternalizerModuleListener.class)
				.doesNotHaveBean(EventExternalizationTransport.class));
	}

	@Test
	void anotherOutboxIsGivenTheTransport(WeirTestBroker broker) {
		application(broker, EVENTS.build()).withPropertyValues(ExternalizationMode.PROPERTY + "=outbox")
			.run((context) -> assertThat(context).hasSingleBean(EventExternalizationTransport.class)
				.doesNotHaveBean(EventExternalizerModuleListener.class));
	}

	@Test
	void topicMayBeAnExpressionAndIsNotTakenForTheKey(WeirTestBroker broker) {
		assertThat(published(broker, EVENTS.build(), new Moved("box"), "north.moves").key()).isNull();
	}

	@Test
	void whatAnEventIsMappedToMayBeAMessageWhoseHeadersCountMore(WeirTestBroker broker) {
		EventExternalizationConfiguration events = EVENTS
			.mapping(Moved.class,
					(event) -> MessageBuilder.withPayload(event.what())
						.setHeader(WeirHeaders.TOPIC, "boxes")
						.setHeader(WeirHeaders.KEY, "of its own")
						.setHeader("colour", "red")
						.build())
			.build();
		Message<String> message = published(broker, events, new Moved("box"), "boxes");
		assertThat(message.value()).isEqualTo("box");
		assertThat(message.key()).isEqualTo("of its own");
		assertThat(message.headers().asMap()).containsEntry("colour", "red");
	}

	@Externalized("#{@shops}.moves")
	record Moved(String what) {
	}

}
