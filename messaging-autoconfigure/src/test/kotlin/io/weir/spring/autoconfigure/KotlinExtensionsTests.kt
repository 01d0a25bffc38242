package io.weir.spring.autoconfigure

import io.weir.message.MessageId
import io.weir.spring.DefaultWeirProducerFactory
import io.weir.spring.WeirSchemas
import io.weir.spring.WeirTemplate
import io.weir.spring.consumer
import io.weir.spring.fake.FakeProducer
import io.weir.spring.fake.FakeWeirClient
import io.weir.spring.of
import io.weir.spring.producer
import io.weir.spring.sendAwait
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import tools.jackson.databind.json.JsonMapper
import java.nio.ByteBuffer
import java.util.concurrent.CompletableFuture

/** What is said in Kotlin. */
class KotlinExtensionsTests {

    private val client = FakeWeirClient()

    private val schemas = WeirSchemas(JsonMapper.builder().build())

    private val template = WeirTemplate(DefaultWeirProducerFactory(client), schemas)

    @Test
    fun sendingSuspendsUntilTheMessageIsStored() = runBlocking<Unit> {
        val first = template.sendAwait("orders", "a")
        val answer = CompletableFuture<MessageId>()
        sent().answers.add(answer)
        val second = async(start = CoroutineStart.UNDISPATCHED) { template.sendAwait("orders", "b") }
        assertThat(second.isCompleted).isFalse()
        answer.complete(first)
        assertThat(second.await()).isEqualTo(first)
        template.message("orders", "c").key("k").sendAwait()
        assertThat(sent().payloads()).containsExactly("a", "b", "c")
        assertThat(sent().sent[2].key).isEqualTo("k")
    }

    @Test
    fun cancellingTheCoroutineTakesTheMessageBack() = runBlocking<Unit> {
        template.sendAwait("orders", "a")
        val answer = CompletableFuture<MessageId>()
        sent().answers.add(answer)
        val sending = launch(start = CoroutineStart.UNDISPATCHED) { template.sendAwait("orders", "b") }
        sending.cancel()
        sending.join()
        assertThat(answer.isCancelled).isTrue()
    }

    @Test
    fun typesAreKnownWithTheirArguments() {
        val read = schemas.of<List<Map<String, Int>>>().decode(ByteBuffer.wrap("""[{"a": 1}]""".toByteArray()))
        assertThat(read).containsExactly(mapOf("a" to 1))
        client.producer<String>(schemas).topic("texts").create().send("x")
        client.consumer<String>(schemas).topic("texts").subscription("all").subscribe()
        assertThat(client.producers[0].payloads()).containsExactly("x")
    }

    private fun sent(): FakeProducer<*> = client.producers[0]
}
