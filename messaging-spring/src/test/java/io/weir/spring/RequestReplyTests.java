package io.weir.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import io.weir.broker.Broker;
import io.weir.client.Consumer;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.message.InitialPosition;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.setting.InvalidSettingException;
import io.weir.spring.listener.CapturedLog;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Over QUIC, with a broker in this JVM. */
@Timeout(120)
@ExtendWith(CapturedLog.class)
class RequestReplyTests {

	private final WeirSchemas schemas = new WeirSchemas(JsonMapper.builder().build());

	private Broker broker;

	private WeirClient client;

	record Question(int number) {
	}

	record Answer(int number) {
	}

	@BeforeEach
	void start() {
		this.broker = Broker.builder().port(0).build().start();
		this.client = WeirClient.builder()
			.serviceUrl(this.broker.serviceUrl())
			.fingerprint(this.broker.certificateFingerprint())
			.build();
	}

	@AfterEach
	void stop() {
		this.client.close();
		this.broker.close();
	}

	private WeirTemplate template(String replyTopic, Duration timeout) {
		return WeirTemplate.builder(new DefaultWeirProducerFactory(this.client), this.schemas)
			.replies(this.client, replyTopic, timeout)
			.build();
	}

	/** Answers as a listener does that returns a value. */
	private Consumer<Question> answering(WeirTemplate template) {
		return this.client.consumer(this.schemas.<Question>of(Question.class))
			.topic("questions")
			.subscription("s")
			.initialPosition(InitialPosition.EARLIEST)
			.messageListener((consumer, question) -> {
				answer(template, question);
				consumer.acknowledge(question);
			})
			.subscribe();
	}

	private static void answer(WeirTemplate template, Message<Question> question) {
		template.message(question.headers().get(WeirHeaders.REPLY_TOPIC), new Answer(question.value().number() * 2))
			.header(WeirHeaders.CORRELATION_ID, question.headers().get(WeirHeaders.CORRELATION_ID))
			.sendAsync();
	}

	@Test
	void eachRequestIsGivenItsOwnReplyWhicheverInstanceHasSentIt() {
		try (WeirTemplate one = template("replies.one", Duration.ofSeconds(60));
				WeirTemplate two = template("replies.two", Duration.ofSeconds(60));
				Consumer<Question> answering = answering(one)) {
			List<CompletableFuture<Answer>> answers = IntStream.range(0, 200)
				.mapToObj((i) -> ((i % 2 == 0) ? one : two).sendAndReceiveAsync("questions", new Question(i),
						Answer.class))
				.toList();
			for (int i = 0; i < 200; i++) {
				assertThat(answers.get(i).join()).isEqualTo(new Answer(2 * i));
			}
			assertThat(two.sendAndReceive("questions", new Question(1000), Answer.class)).isEqualTo(new Answer(2000));
			assertThat(answering.isConnected()).isTrue();
		}
	}

	@Test
	void requestThatNobodyAnswersTimesOut() {
		try (WeirTemplate template = template("replies.one", Duration.ofMillis(200))) {
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> template.sendAndReceive("questions", new Question(1), Answer.class))
				.withMessageContaining("within 200 ms")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.TIMEOUT);
		}
	}

	@Test
	void requestThatWasNotEvenStoredSaysSo() {
		try (WeirClient nowhere = WeirClient.builder().serviceUrl("weir://127.0.0.1:1").build();
				WeirTemplate template = WeirTemplate.builder(new DefaultWeirProducerFactory(nowhere), this.schemas)
					.replies(nowhere, "replies.one", Duration.ofMillis(200))
					.build()) {
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> template.sendAndReceive("questions", new Question(1), Answer.class))
				.withMessageContaining("was not stored within 200 ms");
		}
	}

	@Test
	void clientThatIsClosedAfterARequestIsNoTrouble(CapturedLog log) {
		try (WeirTemplate template = template("replies.one", Duration.ofSeconds(60));
				Consumer<Question> answering = answering(template)) {
			template.sendAndReceive("questions", new Question(1), Answer.class);
			assertThat(answering.isConnected()).isTrue();
			this.client.close();
		}
		assertThat(log.toString()).doesNotContain("is not read any more");
	}

	@Test
	void replyThatCannotBeReadFails() {
		try (WeirTemplate template = template("replies.one", Duration.ofSeconds(60));
				Consumer<Question> answering = answering(template)) {
			assertThatExceptionOfType(WeirException.class)
				.isThrownBy(() -> template.sendAndReceive("questions", new Question(1), Integer.class))
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.SCHEMA);
			assertThat(answering.isConnected()).isTrue();
		}
	}

	@Test
	void closingTellsThoseThatWaitForAReply() {
		WeirTemplate template = template("replies.one", Duration.ofSeconds(60));
		CompletableFuture<Answer> answer = template.sendAndReceiveAsync("questions", new Question(1), Answer.class);
		template.close();
		await().untilAsserted(() -> assertThat(answer).isCompletedExceptionally());
		assertThat(template.sendAndReceiveAsync("questions", new Question(1), Answer.class)).isCompletedExceptionally();
	}

	@Test
	void templateWithoutATopicForRepliesSaysSo() {
		WeirTemplate template = new WeirTemplate(new DefaultWeirProducerFactory(this.client), this.schemas);
		assertThatIllegalStateException()
			.isThrownBy(() -> template.sendAndReceive("questions", new Question(1), Answer.class))
			.withMessageContaining("topic for replies");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> template("replies.one", Duration.ZERO))
			.withMessageContaining("timeout");
	}

}
