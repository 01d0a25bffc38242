package io.weir.spring.listener;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.util.Assert;

import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirSchemas;

/**
 * Decides, when a listener is registered, what each of its parameters is: a header, the
 * acknowledgement, a message of Weir's or Spring's type, the payload or a part of it; in
 * batches a list of these. What cannot work is refused here.
 */
final class ListenerArguments {

	private static final String ALLOWED = "allowed are the payload, io.weir.message.Message, "
			+ "org.springframework.messaging.Message, Acknowledgement, and what has @Header, @Headers or @Payload";

	private final WeirSchemas schemas;

	private final ConfigurableBeanFactory beanFactory;

	private final HeaderArguments headers;

	ListenerArguments(WeirSchemas schemas, ConfigurableBeanFactory beanFactory) {
		this.schemas = schemas;
		this.beanFactory = beanFactory;
		this.headers = new HeaderArguments(beanFactory);
	}

	/**
	 * Finds out how to make the value of a parameter.
	 * @param type its type, as far as the bean's class says what it is
	 * @throws IllegalStateException if there is no way, naming the parameter and what is
	 * allowed
	 */
	ListenerArgument of(MethodParameter parameter, ResolvableType type, boolean batch) {
		try {
			return find(parameter, type, batch);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			String name = parameter.getParameterName();
			throw new IllegalStateException("parameter " + parameter.getParameterIndex() + " ("
					+ type.toClass().getTypeName() + ((name != null) ? " " + name : "") + ") cannot be resolved: "
					+ ex.getMessage() + "; " + ALLOWED, ex);
		}
	}

	private ListenerArgument find(MethodParameter parameter, ResolvableType type, boolean batch) {
		ListenerArgument header = this.headers.of(parameter, batch);
		if (header != null) {
			return header;
		}
		if (type.toClass() == Acknowledgement.class) {
			return Incoming::acknowledgement;
		}
		Assert.state(!parameter.hasParameterAnnotation(DestinationVariable.class),
				"topics have no variables for @DestinationVariable");
		if (!batch) {
			Content content = content(parameter, type);
			return (incoming) -> content.of(incoming.messages().get(0), incoming.acknowledgement());
		}
		Assert.state(isList(type), () -> "the method takes batches, so it must be a List");
		Content content = content(parameter, ListenerTypes.argument(type));
		return (incoming) -> incoming.each((message) -> content.of(message, incoming.acknowledgement()));
	}

	/** Whether the method can get hold of the acknowledgement by this parameter. */
	boolean acknowledges(MethodParameter parameter, ResolvableType type, boolean batch) {
		return type.toClass() == Acknowledgement.class || this.headers.isAll(parameter)
				|| isSpringMessage((batch && isList(type)) ? ListenerTypes.argument(type) : type);
	}

	/**
	 * What a method that takes one message at a time says that its payload is.
	 * @return the class, or {@code null} if this parameter does not say
	 */
	@Nullable Class<?> payload(MethodParameter parameter, ResolvableType type) {
		Payload annotation = parameter.getParameterAnnotation(Payload.class);
		if (parameter.hasParameterAnnotation(Header.class) || this.headers.isAll(parameter)
				|| type.toClass() == Acknowledgement.class
				|| (annotation != null && !annotation.expression().isEmpty())) {
			return null;
		}
		boolean message = type.toClass() == Message.class || isSpringMessage(type);
		return (message ? ListenerTypes.argument(type) : type).toClass();
	}

	static boolean isList(ResolvableType type) {
		return Iterable.class.isAssignableFrom(type.toClass()) && type.toClass().isAssignableFrom(List.class);
	}

	private Content content(MethodParameter parameter, ResolvableType type) {
		if (type.toClass() == Message.class) {
			Content payload = payload(parameter, ListenerTypes.of(ListenerTypes.argument(type)));
			return (message, acknowledgement) -> new TypedMessage<>(message,
					present(parameter, message, acknowledgement, payload));
		}
		if (isSpringMessage(type)) {
			Content payload = payload(parameter, payloadOfSpringMessage(type));
			return (message, acknowledgement) -> new GenericMessage<>(
					present(parameter, message, acknowledgement, payload),
					IncomingHeaders.of(message, acknowledgement));
		}
		return payload(parameter, ListenerTypes.of(type));
	}

	/** It may be absent, if the parameter is not a message of it. */
	private static Object present(MethodParameter parameter, Message<byte[]> message, Acknowledgement acknowledgement,
			Content content) throws Exception {
		Object payload = content.of(message, acknowledgement);
		if (payload == null) {
			throw new MethodArgumentResolutionException(
					new GenericMessage<>(message.value(), IncomingHeaders.of(message, acknowledgement)), parameter,
					"The payload, or its part, is absent, of which a message is wanted");
		}
		return payload;
	}

	private Content payload(MethodParameter parameter, Type type) {
		Content payload = decoded(parameter, type);
		Class<?> checked = ResolvableType.forType(type).toClass();
		PayloadValidation validation = PayloadValidation.of(parameter, checked, this.beanFactory);
		if (validation == null) {
			return payload;
		}
		return (message, acknowledgement) -> validation.check(payload.of(message, acknowledgement), message,
				IncomingHeaders.of(message, acknowledgement));
	}

	private Content decoded(MethodParameter parameter, Type type) {
		PayloadExpression part = PayloadExpression.of(parameter, type, this.schemas);
		if (part != null) {
			return (message, acknowledgement) -> part.of(message, IncomingHeaders.of(message, acknowledgement));
		}
		Schema<Object> schema = this.schemas.readable(type);
		if (NullablePayload.allows(parameter)) {
			return (message, acknowledgement) -> NullablePayload.isAbsent(message) ? null
					: TypedMessage.decode(message, schema).value();
		}
		return (message, acknowledgement) -> NullablePayload.required(message, schema);
	}

	private static boolean isSpringMessage(ResolvableType type) {
		return type.toClass() == org.springframework.messaging.Message.class || type.toClass() == GenericMessage.class;
	}

	/** The bytes as they are, if the method does not say what it wants. */
	private static Type payloadOfSpringMessage(ResolvableType type) {
		Type payload = ListenerTypes.of(ListenerTypes.argument(type));
		return (payload == Object.class) ? byte[].class : payload;
	}

	/** What a method is given of one message. */
	@FunctionalInterface
	private interface Content {

		@Nullable Object of(Message<byte[]> message, Acknowledgement acknowledgement) throws Exception;

	}

}
