package io.weir.spring.listener;

/** A message is of a type that no {@code @WeirHandler} method of its listener is for. */
public final class NoHandlerException extends IllegalArgumentException {

	private static final long serialVersionUID = 1;

	NoHandlerException(String message) {
		super(message);
	}

}
