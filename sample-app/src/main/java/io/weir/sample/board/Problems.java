package io.weir.sample.board;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.databind.exc.InvalidFormatException;

import io.weir.client.WeirException;
import io.weir.sample.flight.Flight;

import static java.util.stream.Collectors.joining;

/** Says what was wrong with what was posted (RFC 9457). */
@RestControllerAdvice
class Problems {

	private static final String NOT_A_FLIGHT = "This is not a flight";

	@ExceptionHandler
	ProblemDetail invalid(MethodArgumentNotValidException ex) {
		Map<String, String> errors = new TreeMap<>();
		ex.getFieldErrors().forEach((error) -> errors.put(error.getField(), String.valueOf(error.getDefaultMessage())));
		ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, NOT_A_FLIGHT,
				errors.entrySet()
					.stream()
					.map((error) -> error.getKey() + " " + error.getValue())
					.collect(joining("; ")));
		problem.setProperty("errors", errors);
		return problem;
	}

	@ExceptionHandler
	ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		return problem(HttpStatus.BAD_REQUEST, NOT_A_FLIGHT, reason(ex.getCause()) + "; expected is " + Flight.EXAMPLE);
	}

	private static String reason(@Nullable Throwable cause) {
		if (cause instanceof InvalidFormatException invalid) {
			String field = invalid.getPath().stream().map(Reference::getPropertyName).collect(joining("."));
			return String.format(Locale.ROOT, "'%s' is not allowed as %s", invalid.getValue(), field);
		}
		return (cause instanceof JacksonException json) ? json.getOriginalMessage() : "the body is missing";
	}

	@ExceptionHandler
	ProblemDetail unpublished(WeirException ex) {
		return problem(HttpStatus.SERVICE_UNAVAILABLE, "The message could not be published",
				String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail late(TimeoutException ex) {
		return problem(HttpStatus.SERVICE_UNAVAILABLE, "The broker has not confirmed the message yet",
				"It will be published when the broker is back.");
	}

	private static ProblemDetail problem(HttpStatus status, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setTitle(title);
		return problem;
	}

}
