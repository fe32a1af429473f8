package raftkv.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks the structure of a tree: depth, fill, order, separators and counts. */
final class TreeShape {
  int leaves;

  private int leafDepth = -1;

  static TreeShape check(Node root) {
    TreeShape shape = new TreeShape();
    shape.check(root, 0, null, null);
    return shape;
  }

  private void check(Node node, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    if (depth > 0) {
      assertThat(node.size).isBetween(Node.MIN, Node.MAX);
    }
    if (node instanceof Leaf leaf) {
      checkLeaf(leaf, depth, from, behind);
    } else {
      checkInner((Inner) node, depth, from, behind);
    }
  }

  private void checkLeaf(Leaf leaf, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    leaves++;
    if (leafDepth < 0) {
      leafDepth = depth;
    }
    assertThat(depth).isEqualTo(leafDepth);
    byte[] last = null;
    for (int i = 0; i < leaf.size; i++) {
      byte[] key = leaf.entries[i].keyArray();
      assertThat(last == null || Arrays.compareUnsigned(last, key) < 0).isTrue();
      assertThat(from == null || Arrays.compareUnsigned(from, key) <= 0).isTrue();
      assertThat(behind == null || Arrays.compareUnsigned(key, behind) < 0).isTrue();
      last = key;
    }
    for (int i = leaf.size; i < Node.MAX; i++) {
      assertThat(leaf.entries[i]).as("free places hold nothing").isNull();
    }
  }

  private void checkInner(
      Inner inner, int depth, byte @Nullable [] from, byte @Nullable [] behind) {
    assertThat(inner.size).isGreaterThan(1);
    long count = 0;
    for (int i = 0; i < inner.size; i++) {
      byte[] lower = i == 0 ? from : inner.separators[i];
      byte[] upper = i == inner.size - 1 ? behind : inner.separators[i + 1];
      check(inner.children[i], depth + 1, lower, upper);
      count += inner.children[i].count();
    }
    assertThat(inner.count()).isEqualTo(count);
    for (int i = inner.size; i < Node.MAX; i++) {
      assertThat(inner.children[i]).as("free places hold nothing").isNull();
    }
  }
}
