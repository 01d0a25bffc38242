package io.weir.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import io.weir.message.Schema;
import io.weir.message.SchemaException;

/** Messages of Protobuf, in its binary form. Other versions of a message are read. */
final class ProtobufSchema implements IdentifiedSchema<Message> {

	private final Message prototype;

	private ProtobufSchema(Message prototype) {
		this.prototype = prototype;
	}

	/** That of a generated class. */
	static @Nullable Schema<?> resolve(Type type) {
		if (!(type instanceof Class<?> message) || !Message.class.isAssignableFrom(message)) {
			return null;
		}
		Method prototype = ClassUtils.getMethodIfAvailable(message, "getDefaultInstance");
		Object found = (prototype != null) ? ReflectionUtils.invokeMethod(prototype, null) : null;
		return (found != null) ? new ProtobufSchema((Message) found) : null;
	}

	@Override
	public String id() {
		return "protobuf:" + this.prototype.getDescriptorForType().getFullName();
	}

	@Override
	public ByteBuffer encode(Message value) {
		return value.toByteString().asReadOnlyByteBuffer();
	}

	@Override
	public Message decode(ByteBuffer payload) {
		try {
			return this.prototype.getParserForType().parseFrom(payload);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new SchemaException("The payload cannot be read by schema '" + id() + "'", ex);
		}
	}

}
