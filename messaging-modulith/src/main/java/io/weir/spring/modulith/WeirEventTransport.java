package io.weir.spring.modulith;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.support.BrokerRouting;
import org.springframework.modulith.events.support.EventExternalizationTransport;

import io.weir.message.MessageId;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirOperations;

/**
 * Publishes an event to the topic, and with the key, that its routing target says. What
 * the event was mapped to may be a message, whose headers count more than the target. The
 * result is there when the broker has stored the message, so that Spring Modulith has the
 * event published again if that did not happen.
 */
final class WeirEventTransport implements EventExternalizationTransport {

	private final EventExternalizationConfiguration configuration;

	private final WeirOperations operations;

	private final StandardEvaluationContext context = new StandardEvaluationContext();

	WeirEventTransport(EventExternalizationConfiguration configuration, WeirOperations operations, BeanFactory beans) {
		this.configuration = configuration;
		this.operations = operations;
		this.context.setBeanResolver(new BeanFactoryResolver(beans));
	}

	@Override
	public CompletableFuture<MessageId> externalize(Object payload, RoutingTarget target) {
		BrokerRouting routing = BrokerRouting.of(target, this.context);
		MessageBuilder<?> message = (payload instanceof Message<?> mapped) ? MessageBuilder.fromMessage(mapped)
				: MessageBuilder.withPayload(payload).copyHeaders(this.configuration.getHeadersFor(payload));
		message.setHeaderIfAbsent(WeirHeaders.TOPIC, routing.getTarget(payload));
		String key = key(target, routing, payload);
		if (key != null) {
			message.setHeaderIfAbsent(WeirHeaders.KEY, key);
		}
		return this.operations.sendAsync(message.build());
	}

	/** The routing says the topic where the target has an expression and no key. */
	private static @Nullable String key(RoutingTarget target, BrokerRouting routing, Object payload) {
		return (target.getKey() != null) ? routing.getKey(payload) : null;
	}

}
