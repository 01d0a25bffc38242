package io.weir.spring.autoconfigure

import io.weir.spring.WeirHeaders
import io.weir.spring.WeirListener
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOf
import org.springframework.messaging.handler.annotation.Header
import org.springframework.messaging.handler.annotation.SendTo
import java.util.concurrent.CompletableFuture

/** What users of Kotlin write. */
class SuspendingListeners {

    val go = CompletableFuture<Unit>()

    @WeirListener(id = "suspending", topics = ["suspending"])
    @SendTo("out")
    suspend fun on(text: String, @Header(WeirHeaders.TOPIC) topic: String): String {
        while (!go.isDone) {
            delay(1)
        }
        return "$text of $topic"
    }

    @WeirListener(id = "unit", topics = ["unit"])
    suspend fun unit(text: String) {
        delay(1)
        check(text != "poison") { "planted" }
    }

    @WeirListener(id = "flow", topics = ["flow"])
    @SendTo("out")
    fun flow(text: String): Flow<String> = flowOf(text, text)

}
