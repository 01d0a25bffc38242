package io.weir.spring.listener;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;

import org.springframework.core.ResolvableType;

/** Types as Jackson wants them: with a class in the place of each type variable. */
final class ListenerTypes {

	private ListenerTypes() {
	}

	/**
	 * Replaces the variables of a type.
	 * @throws IllegalStateException if the bean's class does not say what one of them is
	 */
	static Type of(ResolvableType type) {
		Class<?> raw = type.resolve();
		if (raw == null) {
			if (isAnything(type.getType())) {
				return Object.class;
			}
			throw new IllegalStateException("the type '" + type.getType()
					+ "' is not known from the bean's class; let a subclass, or the bean's definition, say what it is");
		}
		if (type.isArray()) {
			Type component = of(type.getComponentType());
			return (component instanceof Class<?> simple) ? simple.arrayType() : (GenericArrayType) () -> component;
		}
		if (!type.hasGenerics() || isRaw(type, raw)) {
			return raw;
		}
		ResolvableType[] arguments = Arrays.stream(type.getGenerics())
			.map((argument) -> ResolvableType.forType(of(argument)))
			.toArray(ResolvableType[]::new);
		return ResolvableType.forClassWithGenerics(raw, arguments).getType();
	}

	/** The one argument of a type, which is anything if the type is raw. */
	static ResolvableType argument(ResolvableType type) {
		return isRaw(type, type.toClass()) ? ResolvableType.forClass(Object.class) : type.getGeneric();
	}

	private static boolean isAnything(Type type) {
		return type instanceof WildcardType wildcard && wildcard.getUpperBounds()[0] == Object.class;
	}

	/** Without arguments a class has its own variables in their place. */
	private static boolean isRaw(ResolvableType type, Class<?> raw) {
		return type.getGeneric().getType() instanceof TypeVariable<?> variable
				&& variable.getGenericDeclaration() == raw && type.getGeneric().resolve() == null;
	}

}
