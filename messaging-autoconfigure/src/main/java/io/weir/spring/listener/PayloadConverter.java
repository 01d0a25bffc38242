package io.weir.spring.listener;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.SmartMessageConverter;

import io.weir.spring.WeirSchemas;

/** Decodes the payload of a parameter of Spring's message type. */
final class PayloadConverter implements SmartMessageConverter {

	private final WeirSchemas schemas;

	PayloadConverter(WeirSchemas schemas) {
		this.schemas = schemas;
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		return fromMessage(message, targetClass, null);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object hint) {
		if (!(message.getPayload() instanceof byte[] payload)) {
			return null;
		}
		Type type = targetClass;
		if (hint instanceof MethodParameter parameter) {
			ResolvableType generic = ResolvableType.forMethodParameter(parameter).as(Message.class).getGeneric();
			type = generic.hasGenerics() ? generic.getType() : targetClass;
		}
		return this.schemas.of(type).decode(ByteBuffer.wrap(payload).asReadOnlyBuffer());
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
		return null;
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers, @Nullable Object hint) {
		return null;
	}

}
