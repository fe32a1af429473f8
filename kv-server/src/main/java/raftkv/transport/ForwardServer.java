package raftkv.transport;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import raftkv.port.EventLoop;
import raftkv.port.ForwardReply;
import raftkv.port.InFlight;
import raftkv.port.Transport;
import raftkv.proto.raft.v1.ForwardRequest;
import raftkv.proto.raft.v1.ForwardResponse;
import raftkv.raft.NodeId;

/** Takes writes that peers pass on, and answers each with what became of it. */
final class ForwardServer {
  private final EventLoop loop;
  private final Handshake handshake;
  private final InboundLinks links;

  /** Filled by gRPC's thread; looked up by key alone. */
  private final ConcurrentHashMap<NodeId, InFlight> inFlight = new ConcurrentHashMap<>();

  ForwardServer(EventLoop loop, Handshake handshake, InboundLinks links) {
    this.loop = loop;
    this.handshake = handshake;
    this.links = links;
  }

  /** A stream of one peer. On gRPC's thread. */
  StreamObserver<ForwardRequest> open(StreamObserver<ForwardResponse> responses) {
    Stream stream = new Stream(responses);
    // With a handler, answering a forwarder that has given up is no exception any more.
    ((ServerCallStreamObserver<ForwardResponse>) responses).setOnCancelHandler(stream::close);
    return stream;
  }

  private @Nullable String refusal(ForwardRequest request) {
    try {
      NodeId sender = MessageReader.node(request.getSender(), "sender");
      return handshake.callRefusal(
          sender, request.getReceiver(), WireBytes.clusterId(request.getClusterId()));
    } catch (BadPeerMessage bad) {
      return bad.getMessage();
    }
  }

  private InFlight inFlightOf(NodeId peer) {
    return inFlight.computeIfAbsent(peer, any -> InFlight.ofForwards());
  }

  /**
   * One stream. Messages come on gRPC's thread; answers are collected during a turn of the loop and
   * leave together behind it.
   */
  private final class Stream implements StreamObserver<ForwardRequest> {
    private final StreamObserver<ForwardResponse> responses;

    /** Guarded by this: answers may come from both threads. */
    private final Batches<ForwardResponse.Answer> unsent = new Batches<>();

    /** Guarded by this. */
    private boolean closed;

    Stream(StreamObserver<ForwardResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(ForwardRequest request) {
      String refusal = refusal(request);
      Transport.Receiver receiver = links.receiver();
      if (refusal != null) {
        links.warn("refused a forwarded write", refusal);
        refuseAll(request, refusal);
      } else if (receiver == null) {
        refuseAll(request, "not running");
      } else {
        NodeId from = new NodeId(request.getSender());
        for (ForwardRequest.Write write : request.getWritesList()) {
          take(from, write, receiver);
        }
      }
    }

    private void take(NodeId from, ForwardRequest.Write write, Transport.Receiver receiver) {
      long id = write.getId();
      int sizeBytes = write.getCommand().size();
      InFlight ofPeer = inFlightOf(from);
      if (write.getRemainingNanos() <= 0) {
        refuse(id, ForwardReply.Reason.NOT_READY, "no time is left");
      } else if (!ofPeer.begin(sizeBytes)) {
        refuse(id, ForwardReply.Reason.OVERLOADED, "writes under way from node " + from);
      } else {
        receiver.forwarded(
            from,
            new Transport.ForwardRequest(
                WireBytes.unwrap(write.getCommand()),
                write.getIdentified(),
                write.getRemainingNanos()),
            reply -> {
              ofPeer.end(sizeBytes);
              respond(id, reply);
            });
      }
    }

    private void refuseAll(ForwardRequest request, String detail) {
      for (ForwardRequest.Write write : request.getWritesList()) {
        refuse(write.getId(), ForwardReply.Reason.NOT_READY, detail);
      }
    }

    private void refuse(long id, ForwardReply.Reason reason, String detail) {
      respond(id, new ForwardReply.NotApplied(reason, null, detail));
    }

    private synchronized void respond(long id, ForwardReply reply) {
      if (closed) {
        return;
      }
      if (unsent.isEmpty()) {
        loop.execute(this::flush);
      }
      unsent.add(ForwardCodec.write(id, reply));
    }

    private synchronized void flush() {
      while (!unsent.isEmpty()) {
        responses.onNext(ForwardResponse.newBuilder().addAllAnswers(unsent.next()).build());
      }
    }

    private synchronized void close() {
      closed = true;
      unsent.clear();
    }

    @Override
    public void onError(Throwable gone) {
      close();
    }

    @Override
    public synchronized void onCompleted() {
      if (!closed) {
        flush();
        closed = true;
        responses.onCompleted();
      }
    }
  }
}
