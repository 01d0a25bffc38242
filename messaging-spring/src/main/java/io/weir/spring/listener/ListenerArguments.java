package io.weir.spring.listener;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.GenericMessage;

import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirSchemas;

/**
 * Decides, when a listener is registered, what each of its parameters is: a header, the
 * acknowledgement, a message of Weir's or Spring's type, or the payload; in batches a
 * list of these. What cannot work is refused here.
 */
final class ListenerArguments {

	private final WeirSchemas schemas;

	private final List<HandlerMethodArgumentResolver> ofHeaders;

	ListenerArguments(WeirSchemas schemas, ConfigurableBeanFactory beanFactory) {
		this.schemas = schemas;
		this.ofHeaders = List.of(
				new HeaderMethodArgumentResolver(new DefaultFormattingConversionService(), beanFactory),
				new HeadersMethodArgumentResolver());
	}

	/**
	 * Finds out how to make the value of a parameter.
	 * @param type its type, as far as the bean's class says what it is
	 * @throws IllegalStateException if there is no way
	 */
	ListenerArgument of(MethodParameter parameter, ResolvableType type, boolean batch) {
		HandlerMethodArgumentResolver header = header(parameter);
		if (header != null) {
			return (incoming) -> header.resolveArgument(parameter, incoming.headers());
		}
		if (type.toClass() == Acknowledgement.class) {
			return Incoming::acknowledgement;
		}
		if (!batch) {
			Content content = content(type);
			return (incoming) -> content.of(incoming.messages().get(0), incoming.acknowledgement());
		}
		if (!isList(type)) {
			throw new IllegalStateException("it takes batches, so parameter " + parameter.getParameterIndex()
					+ " must be a List, not " + type.toClass().getName());
		}
		Content content = content(ListenerTypes.argument(type));
		return (incoming) -> incoming.each((message) -> content.of(message, incoming.acknowledgement()));
	}

	/** Whether the method can get hold of the acknowledgement by this parameter. */
	boolean acknowledges(MethodParameter parameter, ResolvableType type, boolean batch) {
		return type.toClass() == Acknowledgement.class || header(parameter) instanceof HeadersMethodArgumentResolver
				|| isSpringMessage((batch && isList(type)) ? ListenerTypes.argument(type) : type);
	}

	static boolean isList(ResolvableType type) {
		return Iterable.class.isAssignableFrom(type.toClass()) && type.toClass().isAssignableFrom(List.class);
	}

	private @Nullable HandlerMethodArgumentResolver header(MethodParameter parameter) {
		return this.ofHeaders.stream()
			.filter((resolver) -> resolver.supportsParameter(parameter))
			.findFirst()
			.orElse(null);
	}

	private Content content(ResolvableType type) {
		if (type.toClass() == Message.class) {
			Schema<Object> schema = this.schemas.of(ListenerTypes.of(ListenerTypes.argument(type)));
			return (message, acknowledgement) -> TypedMessage.decode(message, schema);
		}
		if (isSpringMessage(type)) {
			Schema<Object> schema = this.schemas.of(payloadOfSpringMessage(type));
			return (message, acknowledgement) -> new GenericMessage<>(TypedMessage.decode(message, schema).value(),
					new IncomingHeaders(List.of(message), acknowledgement));
		}
		Schema<Object> schema = this.schemas.of(ListenerTypes.of(type));
		return (message, acknowledgement) -> TypedMessage.decode(message, schema).value();
	}

	private static boolean isSpringMessage(ResolvableType type) {
		return type.toClass() == org.springframework.messaging.Message.class || type.toClass() == GenericMessage.class;
	}

	/** The bytes as they are, if the method does not say what it wants. */
	private static java.lang.reflect.Type payloadOfSpringMessage(ResolvableType type) {
		java.lang.reflect.Type payload = ListenerTypes.of(ListenerTypes.argument(type));
		return (payload == Object.class) ? byte[].class : payload;
	}

	/** What a method is given of one message. */
	@FunctionalInterface
	private interface Content {

		Object of(Message<byte[]> message, Acknowledgement acknowledgement);

	}

}
