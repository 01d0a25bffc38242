package io.weir.spring.listener;

import java.lang.reflect.Type;
import java.util.List;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.Assert;

import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.spring.Acknowledgement;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirSchemas;

/**
 * Resolves what Spring's resolvers for headers and for its own message type leave: the
 * acknowledgement, Weir's message type, and every other parameter as the payload.
 */
final class ListenerArgumentResolver implements HandlerMethodArgumentResolver {

	private final WeirSchemas schemas;

	private final boolean batch;

	ListenerArgumentResolver(WeirSchemas schemas, boolean batch) {
		this.schemas = schemas;
		this.batch = batch;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return true;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, org.springframework.messaging.Message<?> message) {
		if (parameter.getParameterType() == Acknowledgement.class) {
			return header(message, WeirHeaders.ACKNOWLEDGEMENT, Acknowledgement.class);
		}
		@SuppressWarnings("unchecked")
		List<Message<byte[]>> messages = header(message, IncomingHeaders.MESSAGES, List.class);
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		if (!this.batch) {
			return resolve(messages.get(0), type);
		}
		ResolvableType element = type.asCollection().getGeneric();
		return messages.stream().map((each) -> resolve(each, element)).toList();
	}

	private Object resolve(Message<byte[]> message, ResolvableType type) {
		if (type.toClass() == Message.class) {
			return new TypedMessage<>(message, this.schemas.of(typeOf(type.getGeneric())));
		}
		Schema<Object> schema = this.schemas.of(typeOf(type));
		return new TypedMessage<>(message, schema).value();
	}

	/** Jackson knows nothing of Spring's resolved type variables, only of classes. */
	private static Type typeOf(ResolvableType type) {
		return type.hasGenerics() ? type.getType() : type.toClass();
	}

	private static <T> T header(org.springframework.messaging.Message<?> message, String name, Class<T> type) {
		T value = message.getHeaders().get(name, type);
		Assert.state(value != null, () -> "No header " + name);
		return value;
	}

}
