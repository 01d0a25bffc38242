package io.weir.broker.session;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.weir.broker.engine.ClientSessions;
import io.weir.broker.engine.Command;
import io.weir.broker.security.Authentication;
import io.weir.broker.security.Authentication.Authenticated;
import io.weir.broker.security.Authentication.Refused;
import io.weir.broker.security.Authenticator;
import io.weir.broker.security.Authorizer;
import io.weir.broker.security.BrokerSecurity;
import io.weir.broker.security.Credentials;
import io.weir.message.AccessMode;
import io.weir.transport.StreamHandler;
import io.weir.transport.fakes.FakeConnection;
import io.weir.transport.fakes.FakeStream;
import io.weir.wire.Budgets;
import io.weir.wire.ErrorCode;
import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Nothing is taken from a client before it is known who it is. */
class AuthenticationTest {

	private static final Principal ALICE = () -> "alice";

	private final CompletableFuture<Authentication> answer = new CompletableFuture<>();

	private final List<Credentials> asked = new ArrayList<>();

	private final List<Command> commands = new ArrayList<>();

	private final FakeConnection connection = new FakeConnection();

	private final FakeStream control = new FakeStream(0, this.connection);

	private final FakeStream stream = new FakeStream(4, this.connection);

	private @Nullable Sessions sessions;

	@AfterEach
	void close() {
		if (this.sessions != null) {
			this.sessions.close();
		}
	}

	@Test
	void requestsAreTakenOnlyWhenItIsKnownWhoTheClientIs() {
		StreamHandler session = session(this::ask);
		session.onFrame(this.control, 1, new Frame.Connect("app", "secret"));
		assertThat(this.asked).singleElement().satisfies((credentials) -> {
			assertThat(credentials.token()).isEqualTo("secret");
			assertThat(credentials.clientName()).isEqualTo("app");
			assertThat(credentials.address()).isEqualTo(this.connection.remoteAddress());
		});
		assertThat(this.control.said()).isEmpty();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> session.onFrame(this.stream, 1, open()))
			.withMessage("OpenProducer came before CONNECTED");
		assertThat(this.connection.isAdmitted()).isFalse();
		this.answer.complete(new Authenticated(ALICE));
		assertThat(this.control.said()).hasExactlyElementsOfTypes(Frame.Connected.class);
		assertThat(this.connection.isAdmitted()).isTrue();
		session.onFrame(this.stream, 1, open());
		assertThat(this.commands).hasExactlyElementsOfTypes(Command.OpenProducer.class);
	}

	@Test
	void clientThatIsRefusedIsToldWhyAndSentAway() {
		StreamHandler session = session(this::ask);
		session.onFrame(this.control, 1, new Frame.Connect("app", "wrong"));
		this.answer.complete(new Refused("This token is not known"));
		assertThat(this.control.said())
			.containsExactly(new Frame.ErrorReply(ErrorCode.UNAUTHENTICATED, "This token is not known"));
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.UNAUTHENTICATED);
		assertThatNoException().isThrownBy(() -> session.onFrame(this.stream, 1, open()));
		assertThat(this.commands).isEmpty();
	}

	@Test
	void clientIsToComeAgainWhenItCannotBeFoundOutWhoItIs() {
		session((credentials) -> {
			throw new IllegalStateException("on purpose");
		}).onFrame(this.control, 1, new Frame.Connect("app", null));
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.INTERNAL);
		assertThat(ErrorCode.INTERNAL.retryable()).isTrue();
		assertThat(this.control.said()).containsExactly(
				new Frame.ErrorReply(ErrorCode.INTERNAL, "The broker could not find out who you are; try again"));
	}

	@Test
	void failureToFindOutWhoAClientIsCountsAsAnException() {
		session(this::ask).onFrame(this.control, 1, new Frame.Connect("app", null));
		this.answer.completeExceptionally(new IllegalStateException("on purpose"));
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.INTERNAL);
	}

	@Test
	void clientThatWaitsWhenTheBrokerGoesAwayIsToldSo() {
		StreamHandler session = session(this::ask);
		session.onFrame(this.control, 1, new Frame.Connect("app", null));
		sessions().drain();
		this.answer.complete(new Authenticated(ALICE));
		assertThat(this.control.said())
			.containsExactly(new Frame.ErrorReply(ErrorCode.GOING_AWAY, "The broker is shutting down"));
	}

	@Test
	void clientThatHasGoneMeanwhileIsToldNothing() {
		StreamHandler session = session(this::ask);
		session.onFrame(this.control, 1, new Frame.Connect("app", null));
		this.connection.breakDown(ErrorCode.CONNECTION_LOST);
		this.answer.complete(new Authenticated(ALICE));
		assertThat(this.control.said()).isEmpty();
	}

	@Test
	void tokenThatNobodyChecksIsRefused() {
		session(Authenticator.none()).onFrame(this.control, 1, new Frame.Connect("app", "secret"));
		assertThat(this.connection.closedWith()).isEqualTo(ErrorCode.UNAUTHENTICATED);
		assertThat(this.control.said()).containsExactly(
				new Frame.ErrorReply(ErrorCode.UNAUTHENTICATED, "This broker checks no tokens: leave the token out"));
	}

	@Test
	void tokensAreNotPrinted() {
		assertThat(new Credentials("app", "secret", this.connection.remoteAddress()).toString()).contains("app")
			.doesNotContain("secret");
	}

	private CompletionStage<Authentication> ask(Credentials credentials) {
		this.asked.add(credentials);
		return this.answer;
	}

	private StreamHandler session(Authenticator authenticator) {
		this.sessions = new Sessions(
				new SessionSettings("broker", 1024, 1024, Budgets.unlimited(),
						new BrokerSecurity(authenticator, Authorizer.permitAll())),
				(topic, command) -> this.commands.add(command), new ClientSessions());
		return this.sessions.accept(this.connection).accept(this.control);
	}

	private Sessions sessions() {
		assertThat(this.sessions).isNotNull();
		return this.sessions;
	}

	private static Frame open() {
		return new Frame.OpenProducer(1, "t", "p", -1, AccessMode.SHARED);
	}

}
