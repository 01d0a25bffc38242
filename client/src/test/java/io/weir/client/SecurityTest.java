package io.weir.client;

import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;

import io.weir.broker.Broker;
import io.weir.broker.security.Authentication;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorization;
import io.weir.broker.security.Credentials;
import io.weir.broker.security.Operation;
import io.weir.broker.security.Operation.Action;
import io.weir.message.Message;
import io.weir.message.Schema;
import io.weir.wire.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What a client sees of a broker that asks who it is, and lets it do some things only.
 */
class SecurityTest {

	private static final Duration SOON = Duration.ofSeconds(30);

	/** Elsewhere, as if a directory had to be asked. */
	private static final Executor LATER = (task) -> new Thread(task, "directory").start();

	@Test
	void clientThatIsKnownDoesWhatItMayAndNothingElse() {
		try (Broker broker = broker(SecurityTest::authenticate); WeirClient alice = client(broker, "alice's")) {
			Producer<String> producer = alice.producer(Schema.string()).topic("alice").create();
			Consumer<String> consumer = alice.consumer(Schema.string()).topic("alice").subscription("s").subscribe();
			producer.send("hello");
			assertThat(consumer.receive(SOON)).isNotNull().extracting(Message::value).isEqualTo("hello");
			assertRefused(() -> alice.producer(Schema.string()).topic("bob").create(), "publish to topic 'bob'");
			assertRefused(() -> alice.consumer(Schema.string()).topic("bob").subscription("s").subscribe(),
					"consume topic 'bob' with subscription 's'");
			producer.send("goes on");
			assertThat(consumer.receive(SOON)).isNotNull().extracting(Message::value).isEqualTo("goes on");
		}
	}

	@Test
	void clientThatIsNotKnownIsToldSo() {
		try (Broker broker = broker(SecurityTest::authenticate); WeirClient stranger = client(broker, "guessed")) {
			await().atMost(SOON).until(() -> stranger.lastFailure() != null);
			assertThat(stranger.lastFailure()).hasMessageContaining("This token is not known")
				.extracting(WeirException::code)
				.isEqualTo(ErrorCode.UNAUTHENTICATED);
		}
	}

	@Test
	void clientIsToldThatItsTokenIsNotChecked() {
		try (Broker broker = broker(Authenticator.none()); WeirClient client = client(broker, "some")) {
			await().atMost(SOON).until(() -> client.lastFailure() != null);
			assertThat(client.lastFailure()).hasMessageContaining("This broker checks no tokens: leave the token out");
		}
	}

	private static void assertRefused(Runnable action, String what) {
		assertThatExceptionOfType(WeirException.class).isThrownBy(action::run)
			.withMessageContaining("'alice' may not " + what + ": it is not yours")
			.satisfies((refused) -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
	}

	private static Broker broker(Authenticator authenticator) {
		return Broker.builder()
			.port(0)
			.authenticator(authenticator)
			.authorizer(SecurityTest::authorize)
			.build()
			.start();
	}

	private static CompletionStage<Authentication> authenticate(Credentials credentials) {
		return CompletableFuture
			.supplyAsync(() -> "alice's".equals(credentials.token()) ? new Authentication.Authenticated(() -> "alice")
					: new Authentication.Refused("This token is not known"), LATER);
	}

	private static CompletionStage<Authorization> authorize(Principal principal, Operation operation) {
		assertThat(operation.subscription() != null).isEqualTo(operation.action() == Action.CONSUME);
		return CompletableFuture.supplyAsync(() -> operation.topic().name().equals(principal.getName())
				? new Authorization.Granted() : new Authorization.Denied("it is not yours"), LATER);
	}

	private static WeirClient client(Broker broker, String token) {
		return WeirClient.builder().serviceUrl(broker.serviceUrl()).insecure().token(token).build();
	}

}
