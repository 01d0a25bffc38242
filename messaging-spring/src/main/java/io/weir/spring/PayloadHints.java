package io.weir.spring;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Announces the reflection by which payloads are read and written, as a native image
 * needs it.
 */
final class PayloadHints {

	/** What payloads come in, and what is read without reflection. */
	private static final Set<String> NO_PAYLOADS = Set.of("java.", "javax.", "jdk.", "kotlin.", "kotlinx.", "reactor.",
			"org.reactivestreams.", "org.springframework.", "tools.jackson.", "io.weir.message.",
			Acknowledgement.class.getName());

	private static final @Nullable Class<?> PROTOBUF = find("com.google.protobuf.Message");

	private static final @Nullable Class<?> AVRO = find("org.apache.avro.generic.GenericContainer");

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	/** Types may refer to themselves. */
	private final Set<Type> seen = new HashSet<>();

	private final ReflectionHints hints;

	PayloadHints(ReflectionHints hints) {
		this.hints = hints;
	}

	private static @Nullable Class<?> find(String name) {
		ClassLoader loader = PayloadHints.class.getClassLoader();
		return ClassUtils.isPresent(name, loader) ? ClassUtils.resolveClassName(name, loader) : null;
	}

	/**
	 * Announces a type, its type arguments, and the types of its properties.
	 * @param type a payload, or something that has payloads, such as a list of messages
	 */
	void register(ResolvableType type) {
		if (!this.seen.add(type.getType())) {
			return;
		}
		if (type.isArray()) {
			register(type.getComponentType());
			return;
		}
		for (ResolvableType argument : type.getGenerics()) {
			register(argument);
		}
		Class<?> payload = type.toClass();
		if (!payload.isPrimitive() && NO_PAYLOADS.stream().noneMatch(payload.getName()::startsWith)) {
			registerPayload(payload);
		}
	}

	private void registerPayload(Class<?> type) {
		if (isA(PROTOBUF, type)) {
			registerProtobuf(type);
			return;
		}
		if (isA(AVRO, type)) {
			// Its schema and its model are in static fields.
			this.hints.registerType(type, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
					MemberCategory.ACCESS_DECLARED_FIELDS, MemberCategory.ACCESS_PUBLIC_FIELDS);
		}
		else {
			this.binding.registerReflectionHints(this.hints, type);
		}
		for (Field field : type.getDeclaredFields()) {
			if (!Modifier.isStatic(field.getModifiers())) {
				register(ResolvableType.forField(field));
			}
		}
	}

	private static boolean isA(@Nullable Class<?> superType, Class<?> type) {
		return superType != null && superType.isAssignableFrom(type);
	}

	/** Its fields are known by the names of methods, of the message and its builder. */
	private void registerProtobuf(Class<?> type) {
		this.hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
		for (Class<?> nested : type.getClasses()) {
			if (nested.getSimpleName().equals("Builder")) {
				this.hints.registerType(nested, MemberCategory.INVOKE_PUBLIC_METHODS);
			}
		}
		for (Method method : type.getMethods()) {
			Class<?> returned = method.getReturnType();
			if (returned.isEnum() || (isA(PROTOBUF, returned) && !returned.isInterface())) {
				register(ResolvableType.forClass(returned));
			}
		}
	}

}
