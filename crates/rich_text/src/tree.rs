//! What a parser leaves: the nodes of a body in the order of the text, in one piece of memory. A
//! node knows where its subtree ends, so walking needs neither pointers nor recursion, and dropping
//! a deep tree is nothing special.

use std::borrow::Cow;

/// A parsed body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Node<'a> {
    /// The index after the last node inside this one.
    end: usize,
    data: Data<'a>,
}

/// What a node is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Data<'a> {
    Text(Cow<'a, str>),
    Element(Element<'a>),
}

/// An element: its name in lower case and its attributes as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: Cow<'static, str>,
    /// Whether it is HTML; SVG and MathML have elements of the same names.
    pub(crate) is_html: bool,
    pub(crate) attributes: Vec<(Cow<'static, str>, Cow<'a, str>)>,
}

impl Element<'_> {
    /// The value of an attribute.
    pub(crate) fn get(&self, wanted: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| &**value)
    }
}

/// A place in a tree.
#[derive(Clone, Copy)]
pub(crate) struct At<'t, 'a> {
    tree: &'t Tree<'a>,
    index: usize,
}

impl<'a> Tree<'a> {
    /// An empty tree with room for so many nodes.
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes) }
    }

    /// Adds a node after all others. Until [`Tree::close`] says otherwise, nothing is inside it.
    pub(crate) fn push(&mut self, data: Data<'a>) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { end: index + 1, data });
        index
    }

    /// Everything pushed since is inside this node.
    pub(crate) fn close(&mut self, index: usize) {
        self.nodes[index].end = self.nodes.len();
    }

    /// The text node that was pushed last, if it was one.
    pub(crate) fn last_text(&mut self) -> Option<&mut Cow<'a, str>> {
        match &mut self.nodes.last_mut()?.data {
            Data::Text(text) => Some(text),
            Data::Element(_) => None,
        }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The nodes at the top.
    pub(crate) fn top(&self) -> impl Iterator<Item = At<'_, 'a>> {
        Siblings { tree: self, next: 0, end: self.nodes.len() }
    }

    /// All elements, in the order of the text.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.nodes.iter().filter_map(|node| match &node.data {
            Data::Element(element) => Some(element),
            Data::Text(_) => None,
        })
    }
}

impl<'t, 'a> At<'t, 'a> {
    /// What is here.
    pub(crate) fn data(self) -> &'t Data<'a> {
        &self.tree.nodes[self.index].data
    }

    /// The element that is here, if it is one.
    pub(crate) fn element(self) -> Option<&'t Element<'a>> {
        match self.data() {
            Data::Element(element) => Some(element),
            Data::Text(_) => None,
        }
    }

    /// Whether this is that HTML element.
    pub(crate) fn is(self, name: &str) -> bool {
        self.element().is_some_and(|element| element.is_html && element.name == name)
    }

    /// The nodes directly inside.
    pub(crate) fn children(self) -> impl Iterator<Item = At<'t, 'a>> {
        Siblings { tree: self.tree, next: self.index + 1, end: self.tree.nodes[self.index].end }
    }

    /// The elements anywhere inside.
    pub(crate) fn descendants(self) -> impl Iterator<Item = &'t Element<'a>> {
        self.tree.nodes[self.index + 1..self.tree.nodes[self.index].end].iter().filter_map(|node| {
            match &node.data {
                Data::Element(element) => Some(element),
                Data::Text(_) => None,
            }
        })
    }
}

struct Siblings<'t, 'a> {
    tree: &'t Tree<'a>,
    next: usize,
    end: usize,
}

impl<'t, 'a> Iterator for Siblings<'t, 'a> {
    type Item = At<'t, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = (self.next < self.end).then_some(self.next)?;
        self.next = self.tree.nodes[index].end;
        Some(At { tree: self.tree, index })
    }
}
