package io.weir.starter;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.messaging.handler.annotation.SendTo;

import io.weir.client.WeirClient;
import io.weir.spring.Acknowledgement;
import io.weir.spring.Backoff;
import io.weir.spring.DeadLetter;
import io.weir.spring.EnableWeir;
import io.weir.spring.ProducerInterceptor;
import io.weir.spring.WeirHandler;
import io.weir.spring.WeirHeaders;
import io.weir.spring.WeirListener;
import io.weir.spring.WeirMessage;
import io.weir.spring.WeirOperations;
import io.weir.spring.WeirReader;
import io.weir.spring.WeirTemplate;
import io.weir.spring.listener.ListenerCustomizer;
import io.weir.spring.listener.WeirErrorHandler;
import io.weir.spring.listener.WeirMessageFilter;

import static org.assertj.core.api.Assertions.assertThat;

/** What docs/spring/migration.md names of Weir's there is. */
class MigrationDocumentTests {

	private static final Pattern TABLE = Pattern.compile("(?m)^\\| (.+) \\|\n\\|[-|]+\\|\n((?:\\|.*\\|\n)+)");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	private static final List<Class<? extends Annotation>> ANNOTATIONS = List.of(WeirListener.class, WeirHandler.class,
			WeirMessage.class, WeirReader.class, Backoff.class, DeadLetter.class, EnableWeir.class, SendTo.class);

	private static final List<Class<?>> TYPES = List.of(Acknowledgement.class, ListenerCustomizer.class,
			ProducerInterceptor.class, WeirClient.class, WeirErrorHandler.class, WeirHeaders.class, WeirMessage.class,
			WeirMessageFilter.class, WeirTemplate.class);

	private final List<Table> tables = read();

	@Test
	void attributesAreThoseOfTheAnnotation() {
		Set<String> attributes = new HashSet<>(names(WeirListener.class.getDeclaredMethods(), Method::getName));
		attributes.addAll(names(WeirReader.class.getDeclaredMethods(), Method::getName));
		Set<String> values = Set.of("*", "record", "shared", "exclusive", "failover", "__listener", "Collection");
		assertThat(words("@WeirListener")).isNotEmpty()
			.filteredOn((word) -> !word.startsWith("weir.") && !values.contains(word) && !isType(word))
			.isSubsetOf(attributes);
	}

	@Test
	void headersAreThoseThereAre() {
		Set<String> headers = Arrays.stream(WeirHeaders.class.getFields())
			.filter((field) -> Modifier.isStatic(field.getModifiers()))
			.map((field) -> field.getName())
			.collect(Collectors.toSet());
		assertThat(words("WeirHeaders")).isNotEmpty().filteredOn((word) -> !isType(word)).isSubsetOf(headers);
	}

	@Test
	void methodsOfTheTemplateAreThoseThereAre() {
		Set<String> methods = names(WeirOperations.class.getMethods(), Method::getName);
		assertThat(words("WeirTemplate")).filteredOn((word) -> word.contains("("))
			.isNotEmpty()
			.allSatisfy((call) -> assertThat(methods).contains(call.substring(0, call.indexOf('('))));
	}

	@Test
	void decisionsAreThoseThereAre() {
		Set<String> decisions = names(WeirErrorHandler.Decision.class.getMethods(), Method::getName);
		assertThat(words("Decision")).filteredOn((word) -> word.contains("("))
			.isNotEmpty()
			.allSatisfy((call) -> assertThat(decisions).contains(call.substring(0, call.indexOf('('))));
	}

	@Test
	void annotationsAndTypesAreThoseThereAre() {
		Stream<String> named = this.tables.stream()
			.flatMap((table) -> table.words().stream())
			.filter((word) -> word.matches("@?Weir\\w+|@(EnableWeir|Backoff|DeadLetter)"));
		assertThat(named).isNotEmpty().allMatch(MigrationDocumentTests::isType);
	}

	@Test
	void propertiesAreThoseThereAre() {
		Set<String> properties = ConfigurationMetadataTests.load().keySet();
		List<String> named = this.tables.stream()
			.flatMap((table) -> table.words().stream())
			.filter((word) -> word.startsWith("weir."))
			.map((word) -> word.replaceAll("=.*", ""))
			.toList();
		assertThat(named).hasSizeGreaterThan(50).isSubsetOf(properties);
	}

	private List<String> words(String heading) {
		return this.tables.stream()
			.filter((table) -> table.heading().contains("`" + heading + "`"))
			.flatMap((table) -> table.words().stream())
			.toList();
	}

	private static boolean isType(String word) {
		return ANNOTATIONS.stream().anyMatch((type) -> word.equals("@" + type.getSimpleName()))
				|| TYPES.stream().anyMatch((type) -> word.equals(type.getSimpleName()));
	}

	private static <T> Set<String> names(T[] all, Function<T, String> name) {
		return Arrays.stream(all).map(name).collect(Collectors.toSet());
	}

	private static List<Table> read() {
		try {
			return TABLE.matcher(Files.readString(Path.of("../docs/spring/migration.md")))
				.results()
				.map(Table::of)
				.toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The last column of a table: what there is here. */
	private record Table(String heading, List<String> words) {

		static Table of(MatchResult found) {
			List<String> words = found.group(2)
				.lines()
				.flatMap((row) -> CODE.matcher(last(row.substring(0, row.lastIndexOf(" |")))).results())
				.map((code) -> code.group(1))
				.toList();
			return new Table(last(found.group(1)), words);
		}

		private static String last(String cells) {
			return cells.substring(cells.lastIndexOf("| ") + 1).strip();
		}

	}

}
